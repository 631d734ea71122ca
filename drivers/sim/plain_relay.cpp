#include "drivers/sim/plain_relay.hpp"

#include <utility>

#include <fmt/core.h>
#include <fmt/format.h>

#include "drivers/sim/esphome_fan.hpp"

namespace volt::sim {

PlainRelayTopics shelly_gen1_topics(const std::string& id) {
    const std::string base = "shellies/" + id + "/";
    PlainRelayTopics topics;
    topics.listens_to = base + "#";
    topics.command = base + "relay/0/command";
    topics.on = "on";
    topics.off = "off";
    topics.state = base + "relay/0";
    topics.online = base + "online";
    topics.online_text = "true";
    topics.offline_text = "false";
    topics.power = base + "relay/0/power";
    topics.energy = base + "relay/0/energy";
    topics.ask = base + "command";
    topics.announcement = "shellies/announce";
    topics.id = id;
    return topics;
}

PlainRelayTopics esphome_switch_topics(const std::string& node, const std::string& object) {
    PlainRelayTopics topics;
    topics.listens_to = fmt::format("{}/switch/{}/command", node, object);
    topics.command = topics.listens_to;
    topics.on = "ON";
    topics.off = "OFF";
    topics.state = fmt::format("{}/switch/{}/state", node, object);
    topics.state_retained = topics.online_retained = topics.only_changes = true;
    topics.online = node + "/status";
    topics.online_text = "online";
    topics.offline_text = "offline";
    topics.power = fmt::format("{}/sensor/{}_power/state", node, object);
    topics.power_form = "{:.5f}";
    topics.ping = esphome_ping(node);
    topics.ping_answer = esphome_answer(node);
    topics.id = node;
    return topics;
}

PlainRelayTopics generic_relay_topics(const std::string& topic) {
    PlainRelayTopics topics;
    topics.listens_to = topics.command = topic + "/set";
    topics.on = "1";
    topics.off = "0";
    topics.state = topic + "/state";
    topics.state_form = R"({{"relay":"{}"}})";
    topics.state_retained = topics.online_retained = topics.only_changes = true;
    topics.online = topic + "/online";
    topics.online_text = "yes";
    topics.offline_text = "no";
    topics.gateway = true;
    topics.power = topic + "/power";
    topics.power_form = R"({{"watts":{:.0f}}})";
    return topics;
}

SentMessage PlainRelay::last_will() const {
    return {config_.topics.online, config_.topics.offline_text, config_.topics.online_retained};
}

void PlainRelay::connected(const Surroundings& around) {
    publish(config_.topics.online, config_.topics.online_text, config_.topics.online_retained);
    const auto cached = std::exchange(cached_, std::nullopt);
    if (cached) publish_state(*cached, false);
    else publish_state();
    reads_ = reads_ || cached;
    next_ = around.now + 1s;
}

void PlainRelay::receive(std::string_view topic, std::string_view payload, const Surroundings& around) {
    const PlainRelayTopics& topics = config_.topics;
    if (fault_ == DeviceFault::deaf) return;
    if (topic == topics.ask && payload == "update") next_ = around.now;
    if (topic == topics.ask && payload == "announce")
        publish(topics.announcement, fmt::format(R"({{"id":"{}","model":"SHSW-PM","new_fw":false}})", topics.id));
    if (!topics.ping.empty() && topic == topics.ping)
        publish(topics.ping_answer, fmt::format(R"({{"name":"{}","port":6053}})", topics.id), true);
    if (topic != topics.command || (payload != topics.on && payload != topics.off)) return;
    const bool on = payload == topics.on;
    contact_.order(on, on ? config_.auto_off : Duration{}, around.now + switching_delay(random_));
}

void PlainRelay::turn(const Surroundings& around) {
    const double watts = around.drawn_w.empty() ? 0 : around.drawn_w[0];
    counter_.turn(watts, around.now);
    const bool was_on = contact_.on();
    const bool acted = contact_.turn(around.now, fault_ == DeviceFault::stuck);
    if (acted && (was_on != contact_.on() || !config_.topics.only_changes)) publish_state();
    if (next_ == Time{} || around.now < next_) return;
    next_ = around.now + config_.period;
    if (!config_.topics.only_changes || reads_) publish_state();
    publish_meter(watts);
}

void PlainRelay::boot(bool on, const Surroundings&) {
    contact_.boot(on);
    counter_ = {};  // the counter restarts at boot
}

std::optional<bool> PlainRelay::cached() const {
    if (!config_.topics.gateway) return std::nullopt;
    return contact_.on();
}

void PlainRelay::publish_state(bool on, bool retained) {
    const PlainRelayTopics& topics = config_.topics;
    publish(topics.state, fmt::format(fmt::runtime(topics.state_form), on ? topics.on : topics.off), retained);
}

void PlainRelay::publish_meter(double watts) {
    if (!config_.meter || fault_ == DeviceFault::meter_lost) return;
    publish(config_.topics.power, fmt::format(fmt::runtime(config_.topics.power_form), watts));
    if (!config_.topics.energy.empty())
        publish(config_.topics.energy, fmt::format("{}", static_cast<std::int64_t>(counter_.wh() * 60)));
}

}  // namespace volt::sim
