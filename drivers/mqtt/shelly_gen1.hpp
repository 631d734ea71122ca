// The Shelly Gen1 dialect: one relay of a device below `shellies/<id>`.
//
// Its commands carry no timer. The owner sets `auto_off` on the device, and MQTT does not report it. So voltd repeats ON, and
// nothing proves that the device switches off by itself.
#pragma once

#include <string>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

class ShellyGen1 final : public Dialect {
public:
    explicit ShellyGen1(const OutputConfig& config);

    std::vector<std::string> subscriptions() const override;
    std::vector<std::string> command_filters() const override { return {base_ + relay_ + "/command"}; }
    std::vector<Message> order(const OutputOrder& order) const override;
    /// Returns the queries: `update` makes the device report its states, `announce` that it is online. Not every firmware
    /// supports `update`.
    std::vector<Message> query() const override;
    std::vector<Message> set_up_lease(Duration) const override { return {}; }
    std::vector<OutputEvent> understand(const Message& message) const override;

private:
    bool receive(const std::string& part, const Message& message, OutputEvent& event) const;
    bool receive_meter(const std::string& part, const Message& message, OutputEvent& event) const;
    bool receive_info(const Message& message, OutputEvent& event) const;

    std::string base_, id_, relay_;
    std::size_t channel_ = 0;
};

}  // namespace volt
