// A Zigbee plug behind Zigbee2MQTT: the gateway's publications about it, from memory or freshly read.
#pragma once

#include <cstdint>
#include <deque>

#include "drivers/sim/contact.hpp"
#include "drivers/sim/device.hpp"
#include "drivers/sim/random.hpp"

namespace volt::sim {

struct ZigbeePlugConfig {
    std::string name;  ///< name below zigbee2mqtt/
    bool meter = true;
    bool heeds_on_time = true;  ///< many plugs ignore it
    Duration period = 10s;      ///< between meter reports
    std::uint64_t seed = 1;
};

/// The plug. A timed ON is not echoed: until the plug is queried or reports, the gateway keeps publishing its old state.
class ZigbeePlug : public Device {
public:
    explicit ZigbeePlug(ZigbeePlugConfig config)
        : config_(std::move(config)), topic_("zigbee2mqtt/" + config_.name), random_(config_.seed) {}
    std::string listens_to() const override { return topic_ + "/#"; }
    SentMessage last_will() const override { return {topic_ + "/availability", R"({"state":"offline"})", true}; }
    void connected(const Surroundings& around) override;
    void receive(std::string_view topic, std::string_view payload, const Surroundings& around) override;
    void turn(const Surroundings& around) override;
    bool closed(std::size_t) const override { return contact_.closed(); }
    void boot(bool on, const Surroundings& around) override;
    std::optional<bool> cached() const override { return known_; }
    void gateway_starts(bool cached) override;
    SentMessage gateway_ends() const override { return {bridge_topic, R"({"state":"offline"})", true}; }

private:
    void carry_out(const std::string& request, const Surroundings& around);
    void publish_state(const Surroundings& around);

    static constexpr std::size_t most_requests = 16;
    static constexpr const char* bridge_topic = "zigbee2mqtt/bridge/state";

    ZigbeePlugConfig config_;
    std::string topic_;
    Random random_;
    Contact contact_;
    Counter counter_;
    std::deque<std::string> requests_;  ///< payloads of `set`, or empty for `get`
    bool known_ = false;                ///< the gateway's stored state
    bool echo_ = false;                 ///< the pending order is published once executed
    Time next_{};
};

}  // namespace volt::sim
