// A fan behind an ESPHome node: on/off and a whole-number speed level, both retained states.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/sim/device.hpp"
#include "drivers/sim/random.hpp"

namespace volt::sim {

/// Return the topics of the ping and the answer of a node named `node`.
inline std::string esphome_ping(const std::string& node) { return "esphome/ping/" + node; }
inline std::string esphome_answer(const std::string& node) { return "esphome/discover/" + node; }

struct EsphomeFanConfig {
    std::string node;  ///< topic prefix
    std::string object;
    int levels = 10;
    std::uint64_t seed = 1;
};

class EsphomeFan : public Device {
public:
    explicit EsphomeFan(EsphomeFanConfig config);
    std::string listens_to() const override;
    std::string pinged_on() const override { return esphome_ping(config_.node); }
    SentMessage last_will() const override;
    void connected(const Surroundings& around) override;
    void receive(std::string_view topic, std::string_view payload, const Surroundings& around) override;
    void turn(const Surroundings& around) override;
    bool closed(std::size_t) const override { return turning_; }
    int level() const override { return turning_ ? turning_level_ : 0; }
    void boot(bool on, const Surroundings&) override {
        on_ = turning_ = on;
        changed_ = false;
    }

private:
    void publish_state();
    std::string topic_of(std::string_view part) const;

    EsphomeFanConfig config_;
    Random random_;
    bool on_ = false, turning_ = false;
    int level_ = 0, turning_level_ = 0;
    bool changed_ = false;
    Time act_at_{};
};

}  // namespace volt::sim
