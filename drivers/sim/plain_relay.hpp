// A relay that takes bare words on one topic and tells them on another: Shelly Gen1, an ESPHome switch, and one of no
// make. None of them can be given a timer over MQTT; their owner has set one, and each ON begins it again.
#pragma once

#include <cstdint>

#include "drivers/sim/contact.hpp"
#include "drivers/sim/device.hpp"
#include "drivers/sim/random.hpp"

namespace volt::sim {

/// Topics and words; an empty topic: it has none.
struct PlainRelayWords {
    std::string listens_to, command, on, off;
    std::string state, state_form = "{}";  ///< `{}` is the word
    bool state_retained = false;
    bool only_changes = false;  ///< it reports its state on change, and at a connect
    std::string online, there, away;
    bool online_retained = false;
    std::string power, power_form = "{:.2f}";
    std::string energy;                 ///< watt-minutes
    std::string ask, announcement, id;  ///< Shelly Gen1's `command` topic, and what it answers to `announce`
};

PlainRelayWords shelly_gen1_words(const std::string& id);
PlainRelayWords esphome_switch_words(const std::string& node, const std::string& object);
PlainRelayWords generic_relay_words(const std::string& topic);

struct PlainRelayConfig {
    PlainRelayWords words;
    bool meter = true;
    Duration auto_off{};    ///< 0: none
    Duration period = 10s;  ///< between states and watts of its own accord
    std::uint64_t seed = 1;
};

class PlainRelay : public Device {
public:
    explicit PlainRelay(PlainRelayConfig config) : config_(std::move(config)), random_(config_.seed) {}
    std::string listens_to() const override { return config_.words.listens_to; }
    Said last_will() const override;
    void connected(const Surroundings& around) override;
    void heard(std::string_view topic, std::string_view payload, const Surroundings& around) override;
    void turn(const Surroundings& around) override;
    bool closed(std::size_t) const override { return contact_.closed(); }
    void boot(bool on, const Surroundings& around) override;

private:
    void say_state();
    void say_meter(double watts);

    PlainRelayConfig config_;
    Random random_;
    Contact contact_;
    Counter counter_;
    Time next_{};
};

}  // namespace volt::sim
