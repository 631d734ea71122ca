#include "drivers/mqtt/tasmota.hpp"

#include <algorithm>

#include "drivers/mqtt/payload.hpp"

namespace volt {
namespace {

using nlohmann::json;

constexpr int most_tenths = 111;
constexpr std::int64_t most_pulse_time = 64900;

void replace(std::string& text, const std::string& token, const std::string& by) {
    for (std::size_t at = text.find(token); at != std::string::npos; at = text.find(token, at + by.size()))
        text.replace(at, token.size(), by);
}

std::string prefix_topic(const OutputConfig& config, const std::string& prefix, const std::string& name) {
    std::string topic = config.full_topic;
    replace(topic, "%prefix%", prefix);
    replace(topic, "%topic%", name);
    if (topic.empty() || topic.back() != '/') topic += '/';
    return topic;
}

bool is_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Returns true for `name` followed by nothing but digits, ignoring case.
bool is_numbered(std::string_view text, std::string_view name) {
    return text.size() >= name.size() && same_text(text.substr(0, name.size()), name) && is_digits(text.substr(name.size()));
}

/// Returns the value of one channel: an entry of a list, or the only value.
const json* of_channel(const json* value, std::size_t channel) {
    if (value == nullptr || !value->is_array()) return value;
    return channel >= 1 && channel <= value->size() ? &(*value)[channel - 1] : nullptr;
}

/// Parses `{"Set":400,"Remaining":400}`, the older `"400 (Active 400)"`, or the bare number.
std::optional<std::int64_t> pulse_time_in(const json* value, std::size_t channel) {
    if (value == nullptr) return std::nullopt;
    if (value->is_object()) value = of_channel(member(*value, "Set"), channel);
    if (value == nullptr) return std::nullopt;
    std::optional<double> number = number_in(value);
    if (!number && value->is_string()) {
        const auto& text = value->get_ref<const std::string&>();
        number = number_of(std::string_view(text).substr(0, text.find(' ')));
    }
    if (!number || *number < 0 || *number > static_cast<double>(most_pulse_time)) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

/// Reads PowerOnState: with 5 PulseTime switches on at its end, with 4 the relay is on and refuses orders. STATUS has the setting
/// in an object of its own; elsewhere it may be the answer to a change.
void read_trap(const json& object, OutputEvent& event) {
    const json* status = member(object, "Status");
    const auto value = number_in(member(status != nullptr ? *status : object, "PowerOnState"));
    if (!value) return;
    event.timer_trap = *value == 5 ? TimerTrap::turns_on : *value == 4 ? TimerTrap::locked : TimerTrap::none;
    event.trap_setting = rounded(*value);
    event.trap_may_be_new = status == nullptr;
}

/// Sums all clamps of the device, or uses only the configured channel.
std::optional<double> amount_in(const json* value, std::optional<std::size_t> channel) {
    if (channel || value == nullptr || !value->is_array()) return number_in(of_channel(value, channel.value_or(1)));
    double sum = 0;
    for (const json& one : *value) {
        const auto number = number_in(&one);
        if (!number) return std::nullopt;
        sum += *number;
    }
    return value->empty() ? std::nullopt : std::optional(sum);
}

/// Reads Power in W and Total in kWh.
void read_meter(const json& object, std::optional<std::size_t> channel, OutputEvent& event) {
    const json* energy = member(object, "ENERGY");
    if (energy == nullptr) return;
    if (const auto power = amount_in(member(*energy, "Power"), channel)) event.power = watts_of(*power);
    if (const auto counted = watt_hours(amount_in(member(*energy, "Total"), channel), 1000)) event.energy_wh = counted;
}

}  // namespace

int pulse_time_of(Duration lease) {
    const std::int64_t tenths = lease.count() / 100;
    if (tenths <= most_tenths) return static_cast<int>(std::max<std::int64_t>(tenths, 0));
    return static_cast<int>(std::min(std::max<std::int64_t>(lease.count() / 1000, 12) + 100, most_pulse_time));
}

Duration duration_of_pulse_time(std::int64_t value) {
    if (value <= most_tenths) return Duration(value * 100);
    return Duration((value - 100) * 1000);
}

std::string tasmota_topic(const OutputConfig& config, const std::string& prefix) {
    return prefix_topic(config, prefix, config.topic);
}

Tasmota::Tasmota(const OutputConfig& config)
    : cmnd_(tasmota_topic(config, "cmnd")),
      group_(prefix_topic(config, "cmnd", "tasmotas")),
      stat_(tasmota_topic(config, "stat")),
      tele_(tasmota_topic(config, "tele")),
      power_(config.channel ? "POWER" + std::to_string(*config.channel) : "POWER"),
      channel_(static_cast<std::size_t>(std::max(1, config.channel.value_or(1)))),
      one_channel_(config.channel.has_value()),
      word_off_(config.state_word_off),
      word_on_(config.state_word_on),
      meter_(config.meter) {
    power_names_.push_back("POWER" + std::to_string(channel_));
    if (channel_ == 1) power_names_.push_back("POWER");
}

std::vector<std::string> Tasmota::subscriptions() const {
    return {stat_ + "+", tele_ + "STATE", tele_ + "SENSOR", tele_ + "LWT", cmnd_ + "+", group_ + "+"};
}

std::vector<Message> Tasmota::order(const OutputOrder& order) const { return {{cmnd_ + power_, order.on ? "ON" : "OFF", false}}; }

std::vector<Message> Tasmota::query() const {
    std::vector<Message> messages{{cmnd_ + power_, "", false}};
    if (meter_) messages.push_back({cmnd_ + "STATUS", "8", false});
    return messages;
}

std::vector<Message> Tasmota::set_up_lease(Duration lease) const {
    const std::string topic = cmnd_ + "PulseTime" + std::to_string(channel_);
    if (lease == Duration{}) return {{topic, "", false}};  // a timer there may be the owner's
    return {{topic, std::to_string(pulse_time_of(lease)), false}, {topic, "", false}};
}

std::vector<Message> Tasmota::clear_lease() const { return {{cmnd_ + "PulseTime" + std::to_string(channel_), "0", false}}; }

std::vector<OutputEvent> Tasmota::understand(const Message& message) const {
    const auto below = [&](const std::string& prefix) -> std::optional<std::string> {
        if (message.topic.compare(0, prefix.size(), prefix) != 0) return std::nullopt;
        return message.topic.substr(prefix.size());
    };
    if (const auto name = below(cmnd_)) return receive_command(*name, message);
    if (const auto name = below(group_)) return receive_command(*name, message);
    if (const auto name = below(tele_)) {
        if (*name == "LWT") return receive_availability(message);
        std::vector<OutputEvent> events =
            *name == "STATE" || *name == "SENSOR" ? receive_json(message) : std::vector<OutputEvent>{};
        for (OutputEvent& event : events) event.unasked = true;
        return events;
    }
    const auto name = below(stat_);
    if (!name) return {};
    if (*name == "WARNING") return receive_warning(message);
    if (is_numbered(*name, "POWER") && !message.payload.starts_with('{'))
        return is_our_power(*name) ? receive_words(message) : std::vector<OutputEvent>{};
    return receive_json(message);
}

/// Reads a command. Only a retained one matters: the device obeys it at each connect. Live commands come from voltd, from someone
/// else (the device reports the effect), or from Tasmota itself, which sends an empty one when it connects.
std::vector<OutputEvent> Tasmota::receive_command(const std::string& command, const Message& message) const {
    if (!message.retained || message.payload.empty()) return {};
    const bool switches = is_numbered(command, "POWER") ? is_our_power(command) || same_text(command, "POWER0")
                                                        : is_numbered(command, "PulseTime") || is_numbered(command, "Backlog");
    if (!switches) return {};
    OutputEvent event;
    event.retained_command = true;
    return {event};
}

std::vector<OutputEvent> Tasmota::receive_availability(const Message& message) const {
    OutputEvent event;
    if (message.payload == "Online") {
        event.available = true;
    } else if (message.payload == "Offline") {
        event.available = false;
    } else {
        return {};
    }
    return {event};
}

/// Reads a trip of its own limits, such as `{"MaxPowerReached":3434}`: it switches the relay off, and on again for a new try.
std::vector<OutputEvent> Tasmota::receive_warning(const Message& message) const {
    const auto object = parse_object(message.payload);
    OutputEvent event;
    event.answers_query = !message.retained;
    if (object && !object->empty()) event.problem = printable(object->begin().key() + " " + object->begin().value().dump());
    return event.problem.empty() ? std::vector<OutputEvent>{} : std::vector<OutputEvent>{event};
}

std::vector<OutputEvent> Tasmota::receive_words(const Message& message) const {
    OutputEvent event;
    const OutputState state = state_of(trimmed(message.payload));
    if (trimmed(message.payload).empty()) return {};
    if (state != OutputState::unknown) event.state = state;
    else event.unread = "its last message was `" + printable(message.payload) + "`, expected " + word_on_ + " or " + word_off_;
    event.answers_query = !message.retained;
    return {event};
}

std::vector<OutputEvent> Tasmota::receive_json(const Message& message) const {
    const auto object = parse_object(message.payload);
    if (!object) return {};
    OutputEvent event;
    event.answers_query = !message.retained;
    for (const json* part : {&*object, member(*object, "StatusSTS"), member(*object, "StatusSNS")}) {
        if (part == nullptr) continue;
        for (const std::string& name : power_names_) {
            const json* word = member(*part, name);
            if (word == nullptr || !word->is_string()) continue;
            const OutputState state = state_of(word->get_ref<const std::string&>());
            if (state != OutputState::unknown) event.state = state;
        }
        read_meter(*part, one_channel_ ? std::optional(channel_) : std::nullopt, event);
    }
    read_trap(*object, event);
    auto timer = pulse_time_in(member(*object, "PulseTime" + std::to_string(channel_)), channel_);
    if (!timer) timer = pulse_time_in(member(*object, "PulseTime"), channel_);
    if (timer) event.lease_timer = duration_of_pulse_time(*timer);
    if (!event.state && !event.power && !event.energy_wh && !event.lease_timer && !event.timer_trap) return {};
    return {event};
}

OutputState Tasmota::state_of(std::string_view word) const {
    if (same_text(word, word_on_)) return OutputState::on;
    if (same_text(word, word_off_)) return OutputState::off;
    return OutputState::unknown;
}

bool Tasmota::is_our_power(const std::string& name) const {
    return std::any_of(power_names_.begin(), power_names_.end(), [&](const auto& ours) { return same_text(name, ours); });
}

}  // namespace volt
