// The generic dialect: topics and payloads as configured. It cannot be queried and has no dead-man timer.
#pragma once

#include <string>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

/// A generic output. A relay receives `payload_on` and `payload_off`; a level receives its number, 0 for off.
class Generic final : public Dialect {
public:
    explicit Generic(const OutputConfig& config) : config_(config) {}

    std::vector<std::string> subscriptions() const override;
    std::vector<std::string> command_filters() const override { return {config_.command_topic}; }
    std::vector<Message> order(const OutputOrder& order) const override;
    std::vector<Message> query() const override { return {}; }
    std::string availability_topic() const override { return config_.availability_topic; }
    std::vector<std::string> retained_states() const override;
    std::vector<Message> set_up_lease(Duration) const override { return {}; }
    std::vector<OutputEvent> understand(const Message& message) const override;

private:
    void receive_state(const Message& message, OutputEvent& event) const;
    /// Describes a message that is not a state, and the expected ones.
    std::string refusal(const std::string& payload) const;
    bool is_level() const { return config_.kind == OutputKind::level; }

    OutputConfig config_;
};

}  // namespace volt
