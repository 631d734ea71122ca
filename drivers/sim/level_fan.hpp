// A generic fan: a number on its command topic sets the level, 0 is off. It publishes the level as its retained state.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/sim/device.hpp"
#include "drivers/sim/random.hpp"

namespace volt::sim {

struct LevelFanConfig {
    std::string topic;  ///< `heat-room/fan/level`: commands on `…/level/set`, availability `heat-room/fan/online`
    int levels = 10;
    std::uint64_t seed = 1;
};

class LevelFan : public Device {
public:
    explicit LevelFan(LevelFanConfig config);
    std::string listens_to() const override { return config_.topic + "/set"; }
    SentMessage last_will() const override { return {availability_topic(), "no", true}; }
    void connected(const Surroundings& around) override;
    void receive(std::string_view topic, std::string_view payload, const Surroundings& around) override;
    void turn(const Surroundings& around) override;
    bool closed(std::size_t) const override { return turning_level_ > 0; }
    int level() const override { return turning_level_; }
    void boot(bool on, const Surroundings&) override {
        reported_level_ = turning_level_ = on ? config_.levels : 0;
        wanted_.reset();
    }

private:
    std::string availability_topic() const;

    LevelFanConfig config_;
    Random random_;
    int reported_level_ = 0, turning_level_ = 0;
    std::optional<int> wanted_;
    Time act_at_{};
};

}  // namespace volt::sim
