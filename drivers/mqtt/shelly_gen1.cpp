#include "drivers/mqtt/shelly_gen1.hpp"

#include <algorithm>

#include "drivers/mqtt/payload.hpp"
#include "drivers/mqtt/protection.hpp"

namespace volt {
namespace {

using nlohmann::json;

constexpr double watt_minute_wh = 1.0 / 60;
const std::string announcements = "shellies/announce";

/// Reads `on` and `off`. After the device's own limit trips, the relay is off and reports `overpower`.
bool read_state(std::string_view word, OutputEvent& event) {
    if (same_text(word, "overpower")) event.problem = "overpower";
    if (same_text(word, "on")) event.state = OutputState::on;
    if (same_text(word, "off") || !event.problem.empty()) event.state = OutputState::off;
    event.problem_stays = event.state.has_value();
    return event.state.has_value();
}

const json* entry_of(const json& object, const char* list, std::size_t index) {
    const json* entries = member(object, list);
    return entries != nullptr && entries->is_array() && index < entries->size() ? &(*entries)[index] : nullptr;
}

}  // namespace

ShellyGen1::ShellyGen1(const OutputConfig& config)
    : base_("shellies/" + config.topic + "/"),
      id_(config.topic),
      channel_(static_cast<std::size_t>(std::max(0, config.channel.value_or(0)))) {
    relay_ = "relay/" + std::to_string(channel_);
}

std::vector<std::string> ShellyGen1::subscriptions() const {
    std::vector<std::string> topics = {base_ + relay_,     base_ + relay_ + "/+", base_ + "online",         base_ + "info",
                                       base_ + "announce", announcements,         base_ + "overtemperature"};
    if (channel_ == 0) topics.insert(topics.end(), {base_ + "relay/power", base_ + "relay/energy"});
    return topics;
}

std::vector<Message> ShellyGen1::order(const OutputOrder& order) const {
    return {{base_ + relay_ + "/command", order.on ? "on" : "off", false}};
}

std::vector<Message> ShellyGen1::query() const {
    return {{base_ + "command", "update", false}, {base_ + "command", "announce", false}};
}

std::vector<OutputEvent> ShellyGen1::understand(const Message& message) const {
    OutputEvent event;
    event.answers_query = !message.retained;
    if (message.topic == announcements || message.topic == base_ + "announce") {
        const auto object = parse_object(message.payload);
        const json* id = object ? member(*object, "id") : nullptr;
        event.alive = id != nullptr && id->is_string() && id->get_ref<const std::string&>() == id_;
        if (event.alive) return {event};
        return {};
    }
    if (message.topic.compare(0, base_.size(), base_) != 0) return {};
    event.unasked = true;  // states and `info` are also sent periodically; only `announce` is certainly an answer
    if (receive(message.topic.substr(base_.size()), message, event)) return {event};
    return {};
}

bool ShellyGen1::receive(const std::string& part, const Message& message, OutputEvent& event) const {
    const std::string_view word = trimmed(message.payload);
    if (part == relay_) return read_state(word, event);
    if (part == relay_ + "/command") return event.retained_command = message.retained && !word.empty();
    if (part == "info") return receive_info(message, event);
    if (part == "overtemperature") {
        if (word == "1" || word == "true") event.problem = "overtemperature";
        return event.problem_stays = !event.problem.empty() || word == "0" || word == "false";
    }
    if (part != "online") return receive_meter(part, message, event);
    if (word == "true") event.available = true;
    if (word == "false") event.available = false;
    return event.available.has_value();
}

/// Reads a meter. Some models omit the index.
bool ShellyGen1::receive_meter(const std::string& part, const Message& message, OutputEvent& event) const {
    const auto is = [&](const std::string& name) { return part == relay_ + name || (channel_ == 0 && part == "relay" + name); };
    const auto number = number_of(message.payload);
    if (is("/power") && number) event.power = watts_of(*number);
    if (is("/energy")) event.energy_wh = watt_hours(number, watt_minute_wh);
    return event.power || event.energy_wh;
}

/// Reads the device's whole status from one object, if its firmware sends it.
bool ShellyGen1::receive_info(const Message& message, OutputEvent& event) const {
    const auto object = parse_object(message.payload);
    if (!object) return false;
    event.alive = event.problem_stays = true;
    const json* hot = member(*object, "overtemperature");
    if (hot != nullptr && hot->is_boolean() && hot->get<bool>()) add_problem(event, "overtemperature");
    if (const json* relay = entry_of(*object, "relays", channel_)) {
        const json* on = member(*relay, "ison");
        if (on != nullptr && on->is_boolean()) event.state = on->get<bool>() ? OutputState::on : OutputState::off;
        const json* tripped = member(*relay, "overpower");
        if (tripped != nullptr && tripped->is_boolean() && tripped->get<bool>()) add_problem(event, "overpower");
        const json* source = member(*relay, "source");
        const bool timer = source != nullptr && source->is_string() && source->get_ref<const std::string&>() == "timer";
        event.off_by_timer = timer && event.state == OutputState::off;
        if (timer && event.state == OutputState::on) add_problem(event, timer_turned_on);
    }
    if (const json* meter = entry_of(*object, "meters", channel_)) {
        event.power = watts_in(member(*meter, "power"));
        event.energy_wh = watt_hours(number_in(member(*meter, "total")), watt_minute_wh);
    }
    return true;
}

}  // namespace volt
