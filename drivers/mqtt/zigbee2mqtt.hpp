// The Zigbee2MQTT dialect: one relay of a Zigbee device behind the gateway.
//
// ON carries `on_time`, which the device may ignore and never reports: nothing proves the timer. After a command the gateway
// reports the values that it sent, so each order is followed by a query to the device itself.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

class Zigbee2mqtt final : public Dialect {
public:
    explicit Zigbee2mqtt(const OutputConfig& config);

    std::vector<std::string> subscriptions() const override;
    std::vector<std::string> command_filters() const override;
    std::vector<Message> order(const OutputOrder& order) const override;
    std::vector<Message> query() const override;
    std::string availability_topic() const override { return topic_ + "/availability"; }
    std::vector<Message> set_up_lease(Duration) const override { return {}; }
    std::vector<OutputEvent> understand(const Message& message) const override;

private:
    Message question(bool power) const;
    bool receive(const Message& message, OutputEvent& event) const;
    bool receive_state(const Message& message, OutputEvent& event) const;
    bool is_command(const Message& message) const;

    std::string topic_, bridge_;
    bool meter_;
    std::string state_field_, power_field_, energy_field_;
    std::string endpoint_;  ///< for a device with several: the suffix after `_` in its state field
};

}  // namespace volt
