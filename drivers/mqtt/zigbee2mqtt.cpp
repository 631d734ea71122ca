#include "drivers/mqtt/zigbee2mqtt.hpp"

#include <algorithm>

#include "drivers/mqtt/payload.hpp"
#include "drivers/mqtt/protection.hpp"

namespace volt {
namespace {

using nlohmann::json;

constexpr std::int64_t longest_on_time_s = 6553;  ///< tenths of a second in 16 bits

/// Parses `{"state":"online"}`, or the plain text of older versions.
std::optional<bool> online_in(const std::string& payload) {
    const auto word = trimmed(payload).starts_with('{') ? field_text(payload, "state") : field_text(payload, "");
    if (word == "online") return true;
    if (word == "offline") return false;
    return std::nullopt;
}

std::optional<OutputState> state_in(const json* value) {
    if (value == nullptr || !value->is_string()) return std::nullopt;
    const auto& word = value->get_ref<const std::string&>();
    if (same_text(word, "ON")) return OutputState::on;
    if (same_text(word, "OFF")) return OutputState::off;
    return std::nullopt;
}

/// Reads protections. A breaker keeps its last one in each message; `clear`, `remote_on` and the like are none. A flag has the name
/// of its protection.
void read_problems(const json& object, OutputEvent& event) {
    for (const auto& [name, value] : object.items()) {
        const bool worded = value.is_string() && (name == "fault" || name == "last_event");
        const bool flag = value.is_boolean() && protection_in(name) != OwnProtection::none;
        event.problem_stays = event.problem_stays || worded || flag;
        if (worded && protection_in(value.get_ref<const std::string&>()) != OwnProtection::none)
            add_problem(event, printable(value.get_ref<const std::string&>()));
        if (flag && value.get<bool>()) add_problem(event, printable(name));
    }
}

}  // namespace

Zigbee2mqtt::Zigbee2mqtt(const OutputConfig& config)
    : topic_(config.base_topic + "/" + config.topic), bridge_(config.base_topic + "/bridge/state"), meter_(config.meter) {
    const std::string suffix = config.channel ? "_l" + std::to_string(*config.channel) : "";
    state_field_ = config.state_field.empty() ? "state" + suffix : config.state_field;
    power_field_ = config.power_field.empty() ? "power" + suffix : config.power_field;
    const auto mark = state_field_.find('_');
    if (mark != std::string::npos) endpoint_ = state_field_.substr(mark + 1);
    energy_field_ = "energy" + (power_field_.starts_with("power_") ? power_field_.substr(5) : "");
}

/// Returns the subscriptions: `set/#` matches `set` itself and everything below it.
std::vector<std::string> Zigbee2mqtt::subscriptions() const {
    std::vector<std::string> topics = command_filters();
    topics.insert(topics.end(), {topic_, topic_ + "/" + state_field_, availability_topic(), bridge_});
    return topics;
}

std::vector<std::string> Zigbee2mqtt::command_filters() const {
    if (endpoint_.empty()) return {topic_ + "/set/#"};
    return {topic_ + "/set/#", topic_ + "/" + endpoint_ + "/set"};
}

std::vector<Message> Zigbee2mqtt::order(const OutputOrder& order) const {
    std::string payload = "{" + json(state_field_).dump() + ":\"" + (order.on ? "ON" : "OFF") + "\"";
    const std::int64_t seconds = std::min((order.lease.count() + 999) / 1000, longest_on_time_s);
    if (order.on && seconds > 0) payload += ",\"on_time\":" + std::to_string(seconds);
    std::vector<Message> messages = {{topic_ + "/set", payload + "}", false}};
    messages.push_back(question(false));
    return messages;
}

/// Returns the query. Querying only the state returns the gateway's stored power: the device reads its meter only if that is
/// queried too.
Message Zigbee2mqtt::question(bool power) const {
    const std::string meter = power ? "," + json(power_field_).dump() + ":\"\"" : "";
    return {topic_ + "/get", "{" + json(state_field_).dump() + ":\"\"" + meter + "}", false};
}

std::vector<Message> Zigbee2mqtt::query() const { return {question(meter_)}; }

std::vector<OutputEvent> Zigbee2mqtt::understand(const Message& message) const {
    OutputEvent event;
    event.answers_query = !message.retained;
    event.relayed = true;
    if (receive(message, event)) return {event};
    return {};
}

bool Zigbee2mqtt::receive(const Message& message, OutputEvent& event) const {
    if (message.topic == topic_) return receive_state(message, event);
    if (message.topic == topic_ + "/" + state_field_) {
        event.unread = "Zigbee2MQTT publishes each attribute alone; in its configuration, under mqtt, set `output: json`";
        return true;
    }
    if (message.topic == bridge_) {
        event.gateway = online_in(message.payload);
        return event.gateway.has_value();
    }
    if (message.topic == availability_topic()) {
        event.available = online_in(message.payload);
        return event.available.has_value();
    }
    return event.retained_command = message.retained && is_command(message);
}

bool Zigbee2mqtt::receive_state(const Message& message, OutputEvent& event) const {
    const auto object = parse_object(message.payload);
    if (!object) return false;
    event.state = state_in(member(*object, state_field_));
    event.power = watts_in(member(*object, power_field_));
    event.energy_wh = watt_hours(number_in(member(*object, energy_field_)), 1000);
    read_problems(*object, event);
    return event.state || event.power || event.energy_wh || event.problem_stays;
}

/// Returns true for a command to this relay: the gateway obeys a retained `set` at each start. Ignores one for another endpoint
/// of the device.
bool Zigbee2mqtt::is_command(const Message& message) const {
    const std::string_view payload = trimmed(message.payload);
    if (payload.empty()) return false;
    if (!endpoint_.empty() && message.topic == topic_ + "/" + endpoint_ + "/set") return true;
    const std::string set = topic_ + "/set";
    if (message.topic.compare(0, set.size(), set) != 0) return false;
    const std::string below = message.topic.substr(set.size());
    if (!below.empty()) return below == "/" + state_field_ || below == "/state";
    const auto object = parse_object(message.payload);
    return !object || object->contains(state_field_) || object->contains("state");
}

}  // namespace volt
