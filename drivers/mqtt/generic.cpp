#include "drivers/mqtt/generic.hpp"

#include <algorithm>

#include "drivers/mqtt/payload.hpp"

namespace volt {

std::vector<std::string> Generic::subscriptions() const {
    std::vector<std::string> topics;
    for (const std::string* topic :
         {&config_.command_topic, &config_.state_topic, &config_.availability_topic, &config_.power_topic}) {
        if (!topic->empty() && std::find(topics.begin(), topics.end(), *topic) == topics.end()) topics.push_back(*topic);
    }
    return topics;
}

std::vector<Message> Generic::order(const OutputOrder& order) const {
    if (is_level()) {
        const std::int32_t level = order.on ? std::clamp(order.level, 0, config_.max_level) : 0;
        return {{config_.command_topic, std::to_string(level), false}};
    }
    return {{config_.command_topic, order.on ? config_.payload_on : config_.payload_off, false}};
}

std::vector<std::string> Generic::retained_states() const {
    if (config_.state_topic.empty() || config_.state_topic == config_.command_topic) return {};
    return {config_.state_topic};
}

/// Reads a message. Topics may be equal (one JSON for state and power, or the state topic is the command topic).
std::vector<OutputEvent> Generic::understand(const Message& message) const {
    OutputEvent event;
    if (message.topic == config_.command_topic && config_.command_topic != config_.state_topic)
        event.retained_command = message.retained && !message.payload.empty();
    if (message.topic == config_.availability_topic && !message.payload.empty())
        event.available = trimmed(message.payload) == config_.available;
    if (message.topic == config_.state_topic) receive_state(message, event);
    if (message.topic == config_.power_topic) {
        const auto text = field_text(message.payload, config_.power_field);
        if (text) event.power = power_of(*text, config_.power_unit_w);
    }
    event.answers_query = !message.retained;
    event.relayed = config_.gateway;
    if (!event.retained_command && !event.available && !event.state && !event.power && event.unread.empty()) return {};
    return {event};
}

void Generic::receive_state(const Message& message, OutputEvent& event) const {
    const auto text = field_text(message.payload, config_.state_field);
    const bool shares = config_.state_topic == config_.command_topic || config_.state_topic == config_.availability_topic ||
                        config_.state_topic == config_.power_topic;
    const bool meant = shares ? text && !config_.state_field.empty() : !trimmed(message.payload).empty();
    if (meant) event.unread = refusal(message.payload);
    if (!text) return;
    if (is_level()) {
        const auto number = number_of(*text);
        if (number && *number >= 0 && *number <= config_.max_level) {
            event.level = static_cast<std::int32_t>(rounded(*number));
            event.state = *event.level > 0 ? OutputState::on : OutputState::off;
            event.unread.clear();
            return;
        }
    }
    if (*text == config_.state_on) event.state = OutputState::on;
    if (*text == config_.state_off) event.state = OutputState::off;
    if (event.state) event.unread.clear();
}

std::string Generic::refusal(const std::string& payload) const {
    std::string expected = config_.state_on + " or " + config_.state_off;
    if (is_level()) expected = "0 to " + std::to_string(config_.max_level);
    if (!config_.state_field.empty()) expected += " in the field " + config_.state_field;
    return "its last message was `" + printable(payload) + "`, expected " + expected;
}

}  // namespace volt
