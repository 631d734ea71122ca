#include "drivers/sim/tasmota.hpp"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <charconv>

#include <fmt/core.h>
#include <fmt/format.h>

#include "drivers/iso_time.hpp"

namespace volt::sim {

namespace {

constexpr int mains_v = 240;
constexpr int most_backlog = 30;

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return result;
}

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(' ');
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(' ') - from + 1);
}

std::optional<int> number_of(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// Parses ON, OFF or TOGGLE as the device accepts them. Empty for a query.
std::optional<bool> switch_word(std::string_view payload, bool power) {
    const std::string word = upper(payload);
    if (word == "ON" || word == "1" || word == "TRUE") return true;
    if (word == "OFF" || word == "0" || word == "FALSE") return false;
    if (word == "TOGGLE" || word == "2") return !power;
    return std::nullopt;
}

/// Formats one value alone, several as an array, like the firmware.
std::string one_or_array(const std::vector<std::string>& values) {
    return values.size() == 1 ? values[0] : fmt::format("[{}]", fmt::join(values, ","));
}

std::string thousandths(std::int64_t value) { return fmt::format("{}.{:03}", value / 1'000, value % 1'000); }

}  // namespace

void Tasmota::Relay::arm(Time now) {
    pulse_end.reset();
    if (pulse_set > 111) pulse_end = now + Duration(std::int64_t{1'000} * (pulse_set - 100));
    if (pulse_set > 0 && pulse_set <= 111) pulse_end = now + Duration(std::int64_t{100} * pulse_set);
}

int Tasmota::Relay::remaining(Time now) const {
    if (!pulse_end || *pulse_end <= now) return 0;
    const auto left = static_cast<int>((*pulse_end - now).count());
    return left > 11'100 ? left / 1'000 + 100 : left / 100;
}

Tasmota::Tasmota(TasmotaConfig config) : config_(std::move(config)), random_(config_.seed), relays_(config_.relays) {
    assert(config_.relays >= 1 && config_.relays <= 8);
}

std::string Tasmota::listens_to() const { return "cmnd/" + config_.topic + "/#"; }
SentMessage Tasmota::last_will() const { return {tele("LWT"), "Offline", true}; }
std::string Tasmota::stat(std::string_view name) const { return fmt::format("stat/{}/{}", config_.topic, name); }
std::string Tasmota::tele(std::string_view name) const { return fmt::format("tele/{}/{}", config_.topic, name); }
bool Tasmota::closed(std::size_t contact) const { return contact < relays_.size() && relays_[contact].contact; }

std::string Tasmota::name_of(std::size_t relay) const {
    return relays_.size() == 1 ? "POWER" : "POWER" + std::to_string(relay + 1);
}

void Tasmota::connected(const Surroundings& around) {
    publish(tele("LWT"), "Online", true);
    publish("cmnd/" + config_.topic + "/POWER", "");  // a quirk of the firmware, not a command
    if (met_broker_) return;                          // it reports its state only after boot
    met_broker_ = true;
    booted_ = metered_at_ = around.now;
    next_tele_ = around.now + 1s;
    for (std::size_t relay = 0; relay < relays_.size(); ++relay) publish_power(relay);
}

/// Restarts. PulseTime is kept, and starts for a relay that comes up on.
void Tasmota::boot(bool on, const Surroundings& around) {
    met_broker_ = false;
    for (Relay& relay : relays_) {
        relay.power = relay.contact = on;
        relay.wanted.reset();
        relay.pulse_end.reset();
        if (on) relay.arm(around.now);
    }
}

void Tasmota::receive(std::string_view topic, std::string_view payload, const Surroundings& around) {
    const std::string prefix = "cmnd/" + config_.topic + "/";
    if (!topic.starts_with(prefix) || payload.size() > 512 || fault_ == DeviceFault::deaf) return;
    command(topic.substr(prefix.size()), trimmed(payload), around);
}

void Tasmota::command(std::string_view name, std::string_view payload, const Surroundings& around) {
    const std::string word = upper(name);
    const auto digits = std::min(word.find_last_not_of("0123456789") + 1, word.size());
    const std::string stem = word.substr(0, digits);
    const auto number = number_of(std::string_view(word).substr(digits));
    const auto index = number && *number > 0 ? std::optional(static_cast<std::size_t>(*number - 1)) : std::nullopt;
    if (index && *index >= relays_.size()) return answer(R"({"Command":"Unknown"})");
    if (stem == "POWER" && number == 0) {
        for (std::size_t relay = 0; relay < relays_.size(); ++relay) power(relay, payload, around.now);
    } else if (stem == "POWER") {
        power(index.value_or(0), payload, around.now);
    } else if (stem == "PULSETIME") {
        pulse_time(index, payload, around.now);
    } else {
        setting(stem, payload, around);
    }
}

void Tasmota::setting(const std::string& word, std::string_view payload, const Surroundings& around) {
    if (word == "TELEPERIOD") return tele_period(payload, around.now);
    if (word == "STATUS") return status(payload, around);
    if (word == "STATE") return answer(state_json(around));
    if (word == "BACKLOG") return backlog(payload, around);
    if (word == "POWERONSTATE") return answer(R"({"PowerOnState":0})");
    if (word == "POWERRETAIN") return answer(R"({"PowerRetain":"OFF"})");
    answer(R"({"Command":"Unknown"})");
}

void Tasmota::backlog(std::string_view payload, const Surroundings& around) {
    for (int commands = 0; commands < most_backlog && !payload.empty(); ++commands) {
        const auto end = std::min(payload.find(';'), payload.size());
        const std::string_view one = trimmed(payload.substr(0, end));
        payload.remove_prefix(std::min(end + 1, payload.size()));
        const auto space = std::min(one.find(' '), one.size());
        const std::string_view name = one.substr(0, space);
        if (name.empty() || upper(name).starts_with("BACKLOG")) continue;
        command(name, trimmed(one.substr(space)), around);
    }
}

void Tasmota::power(std::size_t relay, std::string_view payload, Time now) {
    Relay& one = relays_[relay];
    const auto word = switch_word(payload, one.wanted.value_or(one.power));
    if (!word) return publish_power(relay);
    if (!one.wanted) one.act_at = now + Duration(50 + static_cast<std::int64_t>(random_.unit() * 150));
    one.wanted = word;
}

void Tasmota::pulse_time(std::optional<std::size_t> relay, std::string_view payload, Time now) {
    const auto value = number_of(payload);
    const std::size_t first = relay.value_or(0);
    const std::size_t last = relay || !payload.empty() ? first : relays_.size() - 1;
    if (value && *value >= 0 && *value <= 64'900) {
        relays_[first].pulse_set = *value;
        relays_[first].arm(now);
    }
    std::vector<std::string> parts;
    for (std::size_t i = first; i <= last; ++i) {
        parts.push_back(
            fmt::format(R"("PulseTime{}":{{"Set":{},"Remaining":{}}})", i + 1, relays_[i].pulse_set, relays_[i].remaining(now)));
    }
    answer(fmt::format("{{{}}}", fmt::join(parts, ",")));
}

void Tasmota::tele_period(std::string_view payload, Time now) {
    const auto value = number_of(payload);
    if (value && *value >= 10 && *value <= 3'600) config_.tele_period = std::chrono::seconds{*value};
    next_tele_ = now;  // queried or set: publish at once
    answer(fmt::format(R"({{"TelePeriod":{}}})", config_.tele_period.count() / 1'000));
}

void Tasmota::status(std::string_view payload, const Surroundings& around) {
    const int which = number_of(payload).value_or(-1);
    const std::string no_sensors = fmt::format(R"({{"Time":"{}"}})", iso_time(around.utc_s));
    const std::string sensors = measures() ? sensor_json(around) : no_sensors;
    if (which <= 0) {
        unsigned bits = 0;
        for (std::size_t i = 0; i < relays_.size(); ++i) bits |= relays_[i].power ? 1U << i : 0U;
        publish(stat("STATUS"), fmt::format(R"({{"Status":{{"Module":1,"DeviceName":"{0}","Topic":"{0}","Power":{1},)"
                                            R"("PowerOnState":0}}}})",
                                            config_.topic, bits));
    }
    if (which == 0 || which == 8) publish(stat("STATUS8"), fmt::format(R"({{"StatusSNS":{}}})", sensors));
    if (which == 0 || which == 10) publish(stat("STATUS10"), fmt::format(R"({{"StatusSNS":{}}})", sensors));
    if (which == 0 || which == 11) publish(stat("STATUS11"), fmt::format(R"({{"StatusSTS":{}}})", state_json(around)));
}

void Tasmota::answer(const std::string& json) { publish(stat("RESULT"), json); }

void Tasmota::publish_power(std::size_t relay) {
    const char* word = relays_[relay].power ? "ON" : "OFF";
    answer(fmt::format(R"({{"{}":"{}"}})", name_of(relay), word));
    publish(stat(name_of(relay)), word);
}

void Tasmota::switch_to(std::size_t relay, bool on) {
    relays_[relay].power = on;
    if (fault_ != DeviceFault::stuck) relays_[relay].contact = on;
    publish_power(relay);
}

void Tasmota::turn_relay(std::size_t relay, Time now) {
    Relay& one = relays_[relay];
    if (one.wanted && now >= one.act_at) {
        const bool on = *std::exchange(one.wanted, std::nullopt);
        one.pulse_end.reset();
        if (on) one.arm(now);  // each ON restarts the timer, even if the relay is on
        switch_to(relay, on);
    }
    if (one.pulse_end && now >= *one.pulse_end) {
        one.pulse_end.reset();
        switch_to(relay, false);
    }
}

void Tasmota::turn(const Surroundings& around) {
    for (const double watts : around.drawn_w) {
        energy_wh_ += watts * static_cast<double>((around.now - metered_at_).count()) / 3'600'000.0;
    }
    metered_at_ = around.now;
    for (std::size_t relay = 0; relay < relays_.size(); ++relay) turn_relay(relay, around.now);
    if (!met_broker_ || around.now < next_tele_) return;
    next_tele_ = around.now + config_.tele_period;
    publish(tele("STATE"), state_json(around));
    if (measures()) publish(tele("SENSOR"), sensor_json(around));
}

std::string Tasmota::state_json(const Surroundings& around) const {
    const auto up = (around.now - booted_).count() / 1'000;
    std::vector<std::string> powers;
    for (std::size_t i = 0; i < relays_.size(); ++i) {
        powers.push_back(fmt::format(R"("{}":"{}")", name_of(i), relays_[i].power ? "ON" : "OFF"));
    }
    return fmt::format(R"({{"Time":"{}","Uptime":"{}T{:02}:{:02}:{:02}","UptimeSec":{},{},"Wifi":{{"RSSI":72}}}})",
                       iso_time(around.utc_s), up / 86'400, up / 3'600 % 24, up / 60 % 60, up % 60, up, fmt::join(powers, ","));
}

std::string Tasmota::sensor_json(const Surroundings& around) const {
    std::vector<std::string> watts, amps;
    for (std::size_t i = 0; i < relays_.size(); ++i) {
        const double shifted = i < around.drawn_w.size() ? around.drawn_w[i] + 0.5 : 0;
        const auto drawn = static_cast<std::int64_t>(shifted);
        watts.push_back(std::to_string(drawn));
        amps.push_back(thousandths(drawn * 1'000 / mains_v));
    }
    const std::string kwh = thousandths(static_cast<std::int64_t>(energy_wh_));
    return fmt::format(R"({{"Time":"{}","ENERGY":{{"TotalStartTime":"2025-01-01T00:00:00","Total":{},)"
                       R"("Yesterday":0.000,"Today":{},"Power":{},"Voltage":{},"Current":{}}}}})",
                       iso_time(around.utc_s), kwh, kwh, one_or_array(watts), mains_v, one_or_array(amps));
}

}  // namespace volt::sim
