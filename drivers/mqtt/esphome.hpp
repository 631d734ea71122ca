// The ESPHome dialect: a node's switch, or a fan or number with levels.
//
// A node publishes its states retained and cannot be queried, but answers a ping. MQTT cannot set a timer: the owner adds one to
// the node's configuration, and voltd repeats ON to renew it.
#pragma once

#include <string>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

class Esphome final : public Dialect {
public:
    explicit Esphome(const OutputConfig& config);

    std::vector<std::string> subscriptions() const override;
    std::vector<std::string> command_filters() const override;
    std::vector<Message> order(const OutputOrder& order) const override;
    std::vector<Message> query() const override { return {}; }
    std::vector<Message> ping() const override { return {{"esphome/ping/" + node_, "", false}}; }
    std::vector<std::string> retained_states() const override;
    std::vector<Message> set_up_lease(Duration) const override { return {}; }
    std::vector<OutputEvent> understand(const Message& message) const override;

private:
    bool receive(const Message& message, OutputEvent& event) const;
    bool receive_state(std::string_view text, OutputEvent& event) const;
    std::optional<std::int32_t> level_of(std::string_view text) const;

    std::string entity_;  ///< `<node>/<component>/<object>/`
    std::string node_;    ///< last level of its topic, if that is its name
    std::string status_, power_;
    int power_unit_w_;
    bool is_number_ = false;  ///< the state itself is the level; 0 is off
    bool has_levels_ = false;
    std::int32_t most_ = 0;
};

}  // namespace volt
