#include "drivers/sim/shelly_gen2.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

namespace volt::sim {

using nlohmann::json;

void ShellyGen2::connected(const Surroundings& around) {
    publish(config_.prefix + "/online", "true");
    next_ = around.now + 1s;
}

void ShellyGen2::receive(std::string_view topic, std::string_view payload, const Surroundings& around) {
    if (fault_ == DeviceFault::deaf || !topic.starts_with(config_.prefix + "/")) return;
    const std::string_view part = topic.substr(config_.prefix.size() + 1);
    if (part == "rpc" && calls_.size() < most_calls) calls_.emplace_back(payload);
    if (part == "command" && payload == "status_update") publish(config_.prefix + "/status/switch:0", status(around).dump());
    if (part != "command/switch:0") return;
    if (payload == "on" || payload == "off") set(payload == "on", 0, around);
    else publish(config_.prefix + "/error/switch:0", "unknown command");
}

void ShellyGen2::turn(const Surroundings& around) {
    const double watts = around.drawn_w.empty() ? 0 : around.drawn_w[0];
    counter_.turn(watts, around.now);
    const bool was_on = contact_.on();
    if (contact_.turn(around.now, fault_ == DeviceFault::stuck)) {
        if (contact_.by_timer()) source_ = "timer";
        timer_started_s_ = around.utc_s;
        const json now = status(around);
        notify(now, around);
        if (config_.status_ntf) publish(config_.prefix + "/status/switch:0", now.dump());
        if (!set_call_.empty())
            answer(json::parse(std::exchange(set_call_, ""), nullptr, false), {{"result", {{"was_on", was_on}}}});
    }
    while (!contact_.busy() && !calls_.empty()) {
        const std::string text = calls_.front();
        calls_.pop_front();
        call(text, around);
    }
    if (next_ == Time{} || around.now < next_) return;
    next_ = around.now + config_.period;
    json meter = status(around);
    for (const char* key : {"output", "source", "timer_started_at", "timer_duration", "temperature"}) meter.erase(key);
    if (meter.size() > 1) notify(meter, around);
}

void ShellyGen2::call(const std::string& text, const Surroundings& around) {
    const json frame = json::parse(text, nullptr, false);
    if (!frame.is_object()) return;
    const json rest = carry_out(frame, around);
    if (rest.is_null()) set_call_ = text;
    else answer(frame, rest);
}

/// Returns the result, or null if it follows once the contact has switched.
json ShellyGen2::carry_out(const json& frame, const Surroundings& around) {
    const auto fail = [](int code, const std::string& message) {
        return json{{"error", {{"code", code}, {"message", message}}}};
    };
    const std::string method = frame.contains("method") && frame["method"].is_string() ? frame["method"] : json("");
    const json params = frame.contains("params") && frame["params"].is_object() ? frame["params"] : json::object();
    const json id = params.value("id", json());
    if (id != 0) return fail(-105, fmt::format("Argument 'id', value {} not found!", id.dump()));
    if (method == "Switch.GetStatus") return {{"result", status(around)}};
    if (method != "Switch.Set") return fail(404, "No handler for " + method);
    const json on = params.value("on", json());
    const json after = params.value("toggle_after", json(0));
    if (!on.is_boolean() || !after.is_number()) return fail(-103, "Invalid argument 'on'!");
    set(on.get<bool>(), after.get<double>(), around);
    return nullptr;
}

void ShellyGen2::set(bool on, double toggle_after_s, const Surroundings& around) {
    source_ = "MQTT";
    contact_.order(on, Duration(static_cast<std::int64_t>(toggle_after_s * 1000)), around.now + switching_delay(random_));
}

/// Answers a request that names its source.
void ShellyGen2::answer(const json& frame, const json& rest) {
    if (!frame.is_object() || !frame.contains("src") || !frame["src"].is_string()) return;
    const std::string source = frame["src"];
    json reply = {{"id", frame.value("id", json())}, {"src", config_.prefix}, {"dst", source}};
    reply.update(rest);
    publish(source + "/rpc", reply.dump());
}

void ShellyGen2::notify(const json& status, const Surroundings& around) {
    publish(config_.prefix + "/events/rpc", json{{"src", config_.prefix},
                                                 {"dst", config_.prefix + "/events"},
                                                 {"method", "NotifyStatus"},
                                                 {"params", {{"ts", around.utc_s}, {"switch:0", status}}}}
                                                .dump());
}

void ShellyGen2::boot(bool on, const Surroundings&) {
    contact_.boot(on);
    calls_.clear();
    set_call_.clear();
    source_ = "init";
}

json ShellyGen2::status(const Surroundings& around) const {
    json status = {{"id", 0}, {"source", source_}, {"output", contact_.on()}, {"temperature", {{"tC", 47.0}}}};
    if (contact_.timer() > Duration{}) {
        status["timer_started_at"] = timer_started_s_;
        status["timer_duration"] = static_cast<double>(contact_.timer().count()) / 1000;
    }
    if (!config_.meter || fault_ == DeviceFault::meter_lost) return status;
    const double watts = around.drawn_w.empty() ? 0 : around.drawn_w[0];
    status["apower"] = watts;
    status["voltage"] = 240.0;
    status["aenergy"] = {{"total", counter_.wh()}};
    return status;
}

}  // namespace volt::sim
