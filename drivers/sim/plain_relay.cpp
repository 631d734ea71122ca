#include "drivers/sim/plain_relay.hpp"

#include <fmt/core.h>
#include <fmt/format.h>

namespace volt::sim {

PlainRelayWords shelly_gen1_words(const std::string& id) {
    const std::string base = "shellies/" + id + "/";
    PlainRelayWords words;
    words.listens_to = base + "#";
    words.command = base + "relay/0/command";
    words.on = "on";
    words.off = "off";
    words.state = base + "relay/0";
    words.online = base + "online";
    words.there = "true";
    words.away = "false";
    words.power = base + "relay/0/power";
    words.energy = base + "relay/0/energy";
    words.ask = base + "command";
    words.announcement = "shellies/announce";
    words.id = id;
    return words;
}

PlainRelayWords esphome_switch_words(const std::string& node, const std::string& object) {
    PlainRelayWords words;
    words.listens_to = fmt::format("{}/switch/{}/command", node, object);
    words.command = words.listens_to;
    words.on = "ON";
    words.off = "OFF";
    words.state = fmt::format("{}/switch/{}/state", node, object);
    words.state_retained = words.online_retained = words.only_changes = true;
    words.online = node + "/status";
    words.there = "online";
    words.away = "offline";
    words.power = fmt::format("{}/sensor/{}_power/state", node, object);
    words.power_form = "{:.5f}";
    return words;
}

PlainRelayWords generic_relay_words(const std::string& topic) {
    PlainRelayWords words;
    words.listens_to = words.command = topic + "/set";
    words.on = "1";
    words.off = "0";
    words.state = topic + "/state";
    words.state_form = R"({{"relay":"{}"}})";
    words.state_retained = words.online_retained = words.only_changes = true;
    words.online = topic + "/online";
    words.there = "yes";
    words.away = "no";
    words.power = topic + "/power";
    words.power_form = R"({{"watts":{:.0f}}})";
    return words;
}

Said PlainRelay::last_will() const { return {config_.words.online, config_.words.away, config_.words.online_retained}; }

void PlainRelay::connected(const Surroundings& around) {
    say(config_.words.online, config_.words.there, config_.words.online_retained);
    say_state();
    next_ = around.now + 1s;
}

void PlainRelay::heard(std::string_view topic, std::string_view payload, const Surroundings& around) {
    const PlainRelayWords& words = config_.words;
    if (fault_ == DeviceFault::deaf) return;
    if (topic == words.ask && payload == "update") next_ = around.now;
    if (topic == words.ask && payload == "announce")
        say(words.announcement, fmt::format(R"({{"id":"{}","model":"SHSW-PM","new_fw":false}})", words.id));
    if (topic != words.command || (payload != words.on && payload != words.off)) return;
    const bool on = payload == words.on;
    contact_.order(on, on ? config_.auto_off : Duration{}, around.now + switching_delay(random_));
}

void PlainRelay::turn(const Surroundings& around) {
    const double watts = around.drawn_w.empty() ? 0 : around.drawn_w[0];
    counter_.turn(watts, around.now);
    const bool was_on = contact_.on();
    const bool acted = contact_.turn(around.now, fault_ == DeviceFault::stuck);
    if (acted && (was_on != contact_.on() || !config_.words.only_changes)) say_state();
    if (next_ == Time{} || around.now < next_) return;
    next_ = around.now + config_.period;
    if (!config_.words.only_changes) say_state();
    say_meter(watts);
}

void PlainRelay::boot(bool on, const Surroundings&) {
    contact_.boot(on);
    counter_ = {};  // the counter restarts at boot
}

void PlainRelay::say_state() {
    const PlainRelayWords& words = config_.words;
    say(words.state, fmt::format(fmt::runtime(words.state_form), contact_.on() ? words.on : words.off), words.state_retained);
}

void PlainRelay::say_meter(double watts) {
    if (!config_.meter || fault_ == DeviceFault::meter_lost) return;
    say(config_.words.power, fmt::format(fmt::runtime(config_.words.power_form), watts));
    if (!config_.words.energy.empty())
        say(config_.words.energy, fmt::format("{}", static_cast<std::int64_t>(counter_.wh() * 60)));
}

}  // namespace volt::sim
