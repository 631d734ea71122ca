#include "drivers/mqtt/esphome.hpp"

#include <algorithm>

#include "drivers/mqtt/payload.hpp"

namespace volt {

namespace {

const std::string answers = "esphome/discover/";  ///< answers to a ping, with the node's name below

}  // namespace

Esphome::Esphome(const OutputConfig& config)
    : entity_(entity_of(config) + "/"),
      node_(config.topic.substr(config.topic.rfind('/') + 1)),
      status_(config.topic + "/status"),
      power_(config.power_topic),
      power_unit_w_(config.power_unit_w),
      is_number_(config.component == EsphomeComponent::number),
      has_levels_(config.kind == OutputKind::level && !is_number_),
      most_(config.max_level) {}

std::vector<std::string> Esphome::subscriptions() const {
    std::vector<std::string> topics = {entity_ + "state", entity_ + "command", status_, answers + node_};
    if (has_levels_) topics.insert(topics.end(), {entity_ + "speed_level/state", entity_ + "speed_level/command"});
    if (!power_.empty()) topics.push_back(power_);
    return topics;
}

std::vector<std::string> Esphome::command_filters() const {
    if (has_levels_) return {entity_ + "command", entity_ + "speed_level/command"};
    return {entity_ + "command"};
}

/// Returns the topics of retained states. A switch sends nothing if commanded to its current state.
std::vector<std::string> Esphome::retained_states() const {
    if (has_levels_) return {entity_ + "speed_level/state", entity_ + "state"};
    return {entity_ + "state"};
}

/// Sends the level first: the fan then starts at that level, and a level alone starts nothing.
std::vector<Message> Esphome::order(const OutputOrder& order) const {
    const std::int32_t level = std::clamp(order.level, 1, std::max(most_, 1));
    if (is_number_) return {{entity_ + "command", std::to_string(order.on ? level : 0), false}};
    std::vector<Message> messages;
    if (order.on && has_levels_) messages.push_back({entity_ + "speed_level/command", std::to_string(level), false});
    messages.push_back({entity_ + "command", order.on ? "ON" : "OFF", false});
    return messages;
}

std::vector<OutputEvent> Esphome::understand(const Message& message) const {
    OutputEvent event;
    event.answers_query = !message.retained;
    if (receive(message, event)) return {event};
    return {};
}

bool Esphome::receive(const Message& message, OutputEvent& event) const {
    const std::string_view text = trimmed(message.payload);
    if (!power_.empty() && message.topic == power_) {
        event.power = power_of(text, power_unit_w_);
        return event.power.has_value();
    }
    if (message.topic == answers + node_) return event.alive = !message.retained;
    if (message.topic == status_) {
        if (text == "online") event.available = true;
        if (text == "offline") event.available = false;
        return event.available.has_value();
    }
    if (message.topic.compare(0, entity_.size(), entity_) != 0) return false;
    const std::string part = message.topic.substr(entity_.size());
    if (part == "command" || part == "speed_level/command") return event.retained_command = message.retained && !text.empty();
    if (part == "state") return receive_state(text, event);
    if (part != "speed_level/state" || !has_levels_) return false;
    event.level = level_of(text);
    return event.level.has_value();
}

bool Esphome::receive_state(std::string_view text, OutputEvent& event) const {
    if (is_number_) {
        event.level = level_of(text);
        if (event.level) event.state = *event.level > 0 ? OutputState::on : OutputState::off;
        return event.level.has_value();
    }
    if (same_text(text, "ON")) event.state = OutputState::on;
    if (same_text(text, "OFF")) event.state = OutputState::off;
    return event.state.has_value();
}

/// Parses `7` and `7.000000`.
std::optional<std::int32_t> Esphome::level_of(std::string_view text) const {
    const auto number = number_of(text);
    if (!number || *number < 0 || *number > most_) return std::nullopt;
    return static_cast<std::int32_t>(rounded(*number));
}

}  // namespace volt
