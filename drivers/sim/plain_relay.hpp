// A relay with plain text payloads on a command and a state topic: Shelly Gen1, an ESPHome switch, and a generic relay. MQTT
// cannot set their timer; the owner has set one, and each ON restarts it.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/sim/contact.hpp"
#include "drivers/sim/device.hpp"
#include "drivers/sim/random.hpp"

namespace volt::sim {

/// Topics and payloads. An empty topic means none.
struct PlainRelayTopics {
    std::string listens_to, command, on, off;
    std::string state, state_form = "{}";  ///< `{}` is the payload
    bool state_retained = false;
    bool only_changes = false;  ///< reports its state only on change and at a connect
    std::string online, online_text, offline_text;
    bool online_retained = false;
    std::string power, power_form = "{:.2f}";
    std::string energy;                 ///< watt-minutes
    std::string ask, announcement, id;  ///< Shelly Gen1's `command` topic, and its answer to `announce`
    std::string ping, ping_answer;      ///< for an ESPHome node
    bool gateway = false;               ///< a gateway reports for it, from memory at its start
};

PlainRelayTopics shelly_gen1_topics(const std::string& id);
PlainRelayTopics esphome_switch_topics(const std::string& node, const std::string& object);
PlainRelayTopics generic_relay_topics(const std::string& topic);

struct PlainRelayConfig {
    PlainRelayTopics topics;
    bool meter = true;
    Duration auto_off{};    ///< 0 if none
    Duration period = 10s;  ///< between its periodic reports of state and watts
    std::uint64_t seed = 1;
};

class PlainRelay : public Device {
public:
    explicit PlainRelay(PlainRelayConfig config) : config_(std::move(config)), random_(config_.seed) {}
    std::string listens_to() const override { return config_.topics.listens_to; }
    std::string pinged_on() const override { return config_.topics.ping; }
    SentMessage last_will() const override;
    void connected(const Surroundings& around) override;
    void receive(std::string_view topic, std::string_view payload, const Surroundings& around) override;
    void turn(const Surroundings& around) override;
    bool closed(std::size_t) const override { return contact_.closed(); }
    void boot(bool on, const Surroundings& around) override;
    std::optional<bool> cached() const override;
    void gateway_starts(bool cached) override { cached_ = cached; }
    SentMessage gateway_ends() const override { return config_.topics.gateway ? last_will() : SentMessage{}; }

private:
    void publish_state(bool on, bool retained);
    void publish_state() { publish_state(contact_.on(), config_.topics.state_retained); }
    void publish_meter(double watts);

    PlainRelayConfig config_;
    Random random_;
    Contact contact_;
    Counter counter_;
    std::optional<bool> cached_;  ///< published once, in the next greeting
    bool reads_ = false;          ///< from then on the gateway reads its device each period
    Time next_{};
};

}  // namespace volt::sim
