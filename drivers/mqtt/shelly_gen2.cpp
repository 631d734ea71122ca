#include "drivers/mqtt/shelly_gen2.hpp"

#include "drivers/mqtt/payload.hpp"
#include "drivers/mqtt/protection.hpp"

namespace volt {
namespace {

using nlohmann::json;

constexpr std::int64_t kinds = 4;  ///< requests of one output; a request's id is the output's number times this, plus the kind
constexpr double longest_timer_s = 1e7;

std::string text_in(const json* value) {
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<std::int64_t> whole_in(const json* value) {
    if (value == nullptr || !value->is_number_integer()) return std::nullopt;
    return value->get<std::int64_t>();
}

/// Formats `{"code":-105,"message":"…"}`.
std::string error_text(const json& error) {
    const auto code = whole_in(member(error, "code"));
    return printable((code ? std::to_string(*code) + " " : "") + text_in(member(error, "message")));
}

std::string joined(const json* list) {
    std::string text;
    if (list == nullptr || !list->is_array()) return text;
    for (const json& one : *list) {
        if (one.is_string()) text += (text.empty() ? "" : ", ") + one.get<std::string>();
    }
    return printable(text);
}

/// Reads the timer. It runs only if the status contains it; a full status without it means that there is none.
void read_timer(const json& status, bool whole, OutputEvent& event) {
    const auto seconds = number_in(member(status, "timer_duration"));
    const bool runs = seconds && *seconds > 0 && *seconds <= longest_timer_s;
    if (event.state == OutputState::off && runs) add_problem(event, timer_will_turn_on);
    if (event.state != OutputState::on) return;
    if (runs) event.lease_timer = Duration(rounded(*seconds * 1000));
    if (!runs && whole) event.lease_timer = Duration{};
}

}  // namespace

ShellyGen2::ShellyGen2(const OutputConfig& config)
    : prefix_(config.topic + "/"),
      source_(config.reply_to),
      switch_("switch:" + std::to_string(config.channel.value_or(0))),
      channel_(config.channel.value_or(0)),
      number_(config.rpc_number) {}

std::vector<std::string> ShellyGen2::subscriptions() const {
    return {prefix_ + "status/" + switch_,
            prefix_ + "error/" + switch_,
            prefix_ + "online",
            prefix_ + "events/rpc",
            prefix_ + "rpc",
            prefix_ + "command/" + switch_,
            source_ + "/rpc"};
}

Message ShellyGen2::request(Asked what, const std::string& params) const {
    return {prefix_ + "rpc",
            "{\"id\":" + std::to_string(number_ * kinds + what) + ",\"src\":" + json(source_).dump() + ",\"method\":\"" +
                (what == get_status ? "Switch.GetStatus" : "Switch.Set") + "\",\"params\":{\"id\":" + std::to_string(channel_) +
                params + "}}",
            false};
}

std::vector<Message> ShellyGen2::order(const OutputOrder& order) const {
    if (!order.on) return {request(set_off, ",\"on\":false"), request(get_status, "")};
    const std::int64_t seconds = (order.lease.count() + 999) / 1000;
    const std::string timer = seconds > 0 ? ",\"toggle_after\":" + std::to_string(seconds) : "";
    return {request(set_on, ",\"on\":true" + timer), request(get_status, "")};
}

/// Queries in two ways, because either may be disabled: RPC, and `status_update`, which is answered on the status topic.
std::vector<Message> ShellyGen2::query() const {
    return {request(get_status, ""), {prefix_ + "command", "status_update", false}};
}

std::vector<OutputEvent> ShellyGen2::understand(const Message& message) const {
    OutputEvent event;
    event.answers_query = !message.retained;
    if (message.topic == source_ + "/rpc") {
        if (receive_reply(message, event)) return {event};
        return {};
    }
    if (message.topic.compare(0, prefix_.size(), prefix_) != 0) return {};
    if (receive(message.topic.substr(prefix_.size()), message, event)) return {event};
    return {};
}

bool ShellyGen2::receive(const std::string& part, const Message& message, OutputEvent& event) const {
    const std::string_view word = trimmed(message.payload);
    if (part == "online") {
        if (word == "true") event.available = true;
        if (word == "false") event.available = false;
        return event.available.has_value();
    }
    if (part == "command/" + switch_) return event.retained_command = message.retained && !word.empty();
    if (part == "rpc") return event.retained_command = message.retained && may_switch(message.payload);
    if (part == "error/" + switch_) {
        event.problem = printable(word);
        return !word.empty();
    }
    const bool whole = part == "status/" + switch_;
    if (!whole && part != "events/rpc") return false;
    const auto object = parse_object(message.payload);
    if (!object) return false;
    event.may_be_old = whole;
    return whole ? receive_status(*object, true, event) : receive_notification(*object, event);
}

/// Reads an answer. Those of all devices come on one topic: an output recognizes its own by their number.
bool ShellyGen2::receive_reply(const Message& message, OutputEvent& event) const {
    const auto frame = parse_object(message.payload);
    const auto id = frame ? whole_in(member(*frame, "id")) : std::nullopt;
    if (!id || *id < 0 || *id / kinds != number_ || *id % kinds > set_on) return false;
    event.alive = true;
    if (const json* error = member(*frame, "error"); error != nullptr && error->is_object()) {
        event.problem = error_text(*error);
        return true;
    }
    const json* result = member(*frame, "result");
    if (result == nullptr || !result->is_object() || !is_ours(*result)) return false;
    event.takes_lease = true;
    if (*id % kinds == get_status) receive_status(*result, true, event);
    return true;
}

/// Reads a change report, which covers all parts of the device.
bool ShellyGen2::receive_notification(const json& frame, OutputEvent& event) const {
    const json* params = member(frame, "params");
    const json* status = params == nullptr ? nullptr : member(*params, switch_);
    if (status == nullptr) return false;
    const std::string method = text_in(member(frame, "method"));
    if (method != "NotifyStatus" && method != "NotifyFullStatus") return false;
    return receive_status(*status, method == "NotifyFullStatus", event);
}

bool ShellyGen2::receive_status(const json& status, bool whole, OutputEvent& event) const {
    if (!is_ours(status)) return false;
    const json* output = member(status, "output");
    if (output != nullptr && output->is_boolean()) event.state = output->get<bool>() ? OutputState::on : OutputState::off;
    event.power = watts_in(member(status, "apower"));
    if (const json* energy = member(status, "aenergy")) event.energy_wh = watt_hours(number_in(member(*energy, "total")), 1);
    event.problem = joined(member(status, "errors"));
    event.problem_stays = event.state || !event.problem.empty();
    read_timer(status, whole, event);
    const bool timer = text_in(member(status, "source")) == "timer";
    event.off_by_timer = timer && event.state == OutputState::off;
    if (timer && event.state == OutputState::on) add_problem(event, timer_turned_on);
    return event.state || event.power || event.energy_wh || !event.problem.empty();
}

bool ShellyGen2::is_ours(const json& object) const {
    const json* id = member(object, "id");
    return id == nullptr || whole_in(id) == channel_;
}

/// Returns true if a frame may switch. A device executes a retained frame at each connect. Only a frame clearly for something
/// else is ignored.
bool ShellyGen2::may_switch(const std::string& frame) const {
    if (trimmed(frame).empty()) return false;
    const auto object = parse_object(frame);
    if (!object) return true;
    const std::string method = text_in(member(*object, "method"));
    if (!same_text(method, "Switch.Set") && !same_text(method, "Switch.Toggle")) return method.empty();
    const json* params = member(*object, "params");
    return params == nullptr || is_ours(*params);
}

}  // namespace volt
