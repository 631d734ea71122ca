#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "daemon/config/config_checks.hpp"
#include "daemon/config/config_tables.hpp"

namespace volt {

namespace {

bool has(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// Output being checked.
struct Checked {
    const OutputConfig& output;
    std::string path;
    bool charge;
    Report& report;

    std::string at(const std::string& key) const { return path + "." + key; }
    bool given(const std::string& key) const { return report.given(at(key)); }
    bool sound(const std::string& key) const { return report.sound(at(key)); }
    void refuse(const std::string& key, const std::string& what, const Remedy& right) const {
        report.refuse(report.place_of(at(key)), at(key), what, right);
    }
};

void check_dialect(const Checked& c) {
    if (!c.sound("dialect") || !c.sound("kind")) return;
    const std::string dialect = name_of(c.output.dialect);
    const auto& rules = dialect_rules();
    const auto rule =
        std::find_if(rules.begin(), rules.end(), [&](const DialectRule& r) { return r.dialect == c.output.dialect; });
    std::vector<std::string> required = rule->required;
    if (c.output.kind == OutputKind::relay)
        required.insert(required.end(), rule->required_of_relay.begin(), rule->required_of_relay.end());
    for (const std::string& key : required)
        if (!c.given(key)) c.refuse(key, "missing", advice("dialect " + dialect + " needs it"));
    for (const std::string& key : dialect_keys())
        if (c.given(key) && !has(required, key) && !has(rule->taken, key))
            c.refuse(key, "not for dialect " + dialect,
                     advice(fmt::format("remove it. {} takes: {}{}{}", dialect, fmt::join(rule->required, ", "),
                                        rule->taken.empty() ? "" : ", ", fmt::join(rule->taken, ", "))));
    if (c.output.kind == OutputKind::level && !rule->levels)
        c.refuse("dialect", dialect + " supports relays only", "a dialect with levels (generic, esphome), or kind: relay");
    if (c.output.dialect == DialectName::tasmota && c.output.channel == 0)
        c.refuse("channel", "POWER0 switches every relay of the device", "1 to 32, or omit it");
    if (c.output.dialect == DialectName::zigbee2mqtt && c.output.channel == 0)
        c.refuse("channel", "endpoints count from 1 (state_l1)", "1 to 32, or omit it");
}

void check_esphome(const Checked& c) {
    if (c.output.dialect != DialectName::esphome || !c.sound("component") || !c.sound("kind") || !c.given("component")) return;
    const bool level = c.output.kind == OutputKind::level;
    if (level && c.output.component == EsphomeComponent::switch_)
        c.refuse("component", "a switch has no levels", "fan or number, or kind: relay");
    if (!level && c.output.component == EsphomeComponent::number)
        c.refuse("component", "a number is a level", "kind: level, or switch or fan");
}

void check_kind(const Checked& c) {
    if (!c.sound("kind")) return;
    const bool level = c.output.kind == OutputKind::level;
    if (!level && c.given("max_level")) c.refuse("max_level", "a relay has no levels", advice("use kind: level, or omit it"));
    if (!level && c.output.safe_state == SafeState::automatic) c.refuse("safe_state", "auto is for fans (kind: level)", "off");
    if (level && c.charge) c.refuse("kind", "the charge output is on or off", "kind: relay");
}

void check_lease(const Checked& c) {
    if (!c.sound("lease_s")) return;
    const OutputConfig& output = c.output;
    const std::string lease = fmt::format("{} s", decimal_text(output.lease.count(), 1000));
    if (output.lease > 0s && output.safe_state == SafeState::on && !c.charge)
        c.refuse("lease_s",
                 fmt::format("a lease timer of {}{} switches it off, but safe_state is on", lease,
                             c.given("lease_s") ? "" : " (the default)"),
                 "lease_s: 0");
    if (output.require_lease && output.lease == 0s)
        c.refuse("require_lease", "true, but lease_s is 0",
                 fmt::format("a lease_s of {} to {}, or require_lease: false", shortest_lease_s, longest_lease_s));
}

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

bool means_on(const std::string& word) { return has({"on", "1", "true", "yes"}, lower(word)); }
bool means_off(const std::string& word) { return has({"off", "0", "false", "no"}, lower(word)); }

/// Returns true for payloads that a device obeys. It may report more.
bool orders_on(const std::string& payload) { return has({"on", "1", "true"}, lower(payload)); }
bool orders_off(const std::string& payload) { return has({"off", "0", "false"}, lower(payload)); }

bool toggles(const std::string& payload, const std::string& command_topic) {
    return lower(payload).find("toggle") != std::string::npos || (payload == "2" && !tasmota_power(command_topic).empty());
}

/// Rejects an OFF payload that switches on.
void check_payloads(const Checked& c) {
    const OutputConfig& output = c.output;
    if (output.dialect != DialectName::generic || !c.sound("payload_on") || !c.sound("payload_off")) return;
    const std::string &on = output.payload_on, &off = output.payload_off;
    if (output.kind != OutputKind::relay && !c.given("payload_on") && !c.given("payload_off")) return;
    if (lower(on) == lower(off))
        return c.refuse(c.given("payload_off") ? "payload_off" : "payload_on",
                        "payload_on and payload_off are the same: OFF would be ON", "two different payloads");
    if (toggles(off, output.command_topic))
        c.refuse("payload_off", shown(off) + " toggles: OFF could switch on", "a payload that only switches off");
    else if (orders_on(off) && !orders_off(on))
        c.refuse("payload_off", shown(off) + " means on: OFF would switch on",
                 "the payload that switches off (wired inverted: payload_on that means off)");
    if (toggles(on, output.command_topic))
        c.refuse("payload_on", shown(on) + " toggles: ON could switch off", "a payload that only switches on");
    else if (orders_off(on) && !orders_on(off))
        c.refuse("payload_on", shown(on) + " means off: ON would switch off",
                 "the payload that switches on (wired inverted: payload_off that means on)");
}

/// Rejects states that are inverted.
void check_states(const Checked& c) {
    const OutputConfig& output = c.output;
    if (output.dialect == DialectName::generic && c.given("state_topic") && lower(output.state_on) == lower(output.state_off))
        c.refuse(c.given("state_off") ? "state_off" : "state_on",
                 "state_on and state_off are the same: ON and OFF cannot be distinguished", "two different values");
    if (output.dialect != DialectName::tasmota || !c.sound("state_words")) return;
    if (means_on(output.state_word_off) || means_off(output.state_word_on))
        c.refuse("state_words", "the values are swapped: OFF would be read as ON", "the value for off first, as in [OFF, ON]");
    else if (lower(output.state_word_off) == lower(output.state_word_on))
        c.refuse("state_words", "the values are the same: ON and OFF cannot be distinguished", "two different values");
}

/// Warns about swapped states, which are correct only for a contact that is wired inverted.
void warn_of_swapped(const Checked& c) {
    const OutputConfig& output = c.output;
    if (output.dialect != DialectName::generic) return;
    const auto warn = [&](const char* key, const std::string& what) {
        c.report.warn(c.report.place_of(c.at(key)), c.at(key), what, "the value for on, unless the contact is wired inverted");
    };
    if (c.given("payload_on") && c.sound("payload_on") && means_off(output.payload_on))
        warn("payload_on", shown(output.payload_on) + " switches on");
    if (c.given("state_on") && means_off(output.state_on)) warn("state_on", shown(output.state_on) + " is read as on");
}

void check_charge(const Checked& c) {
    if (!c.charge) return;
    const auto is = [&](const char* key, bool right, const char* word) {
        if (!right) c.refuse(key, "this is the charge_output", advice(fmt::format("use {}: {}, or omit it", key, word)));
    };
    is("safe_state", c.output.safe_state == SafeState::on, "on");
    is("lease_s", c.output.lease == 0s, "0");
    is("on_exit", c.output.on_exit == OnExit::keep, "keep");
}

void warn_of(const Checked& c) {
    if (c.output.dialect == DialectName::generic && c.given("state_topic") && c.output.state_topic == c.output.command_topic)
        c.report.warn(c.report.place_of(c.at("state_topic")), c.at("state_topic"),
                      "the same as command_topic: voltd receives its own orders, so nothing confirms that the device obeys",
                      advice("use the device's own state topic, or omit it"));
    if (c.output.dialect == DialectName::generic && c.given("command_topic") && !c.given("state_topic"))
        c.report.warn(c.report.place_of(c.at("command_topic")), c.at("state_topic"),
                      "omitted: voltd cannot confirm that the device obeys", "the topic of the device's state");
    const bool own_meter = c.output.dialect != DialectName::generic && c.output.dialect != DialectName::esphome;
    if (c.output.meter && !own_meter && !c.given("power_topic"))
        c.report.warn(c.report.place_of(c.at("meter")), c.at("meter"), "true, but there is no power_topic: nothing is measured",
                      "the power_topic of the device, or meter: false");
    const std::string dialect = name_of(c.output.dialect);
    const bool relay = c.output.kind == OutputKind::relay && !c.charge && c.sound("dialect");
    if (c.output.require_lease && !lease_is_required(c.output.dialect) && c.output.lease > 0s)
        c.report.warn(
            c.report.place_of(c.at("require_lease")), c.at("require_lease"),
            fmt::format("{} does not report its lease timer: nothing starts until a test has seen the timer work", dialect),
            advice(fmt::format("run `sudo voltctl outputs prove {}`; with require_lease: false it stays on if voltd dies "
                               "and it has no timer",
                               c.output.id)));
    if (relay && !c.given("require_lease") && !lease_is_required(c.output.dialect) && c.output.safe_state == SafeState::off)
        c.report.warn(
            c.report.place_of(c.at("dialect")), c.at("require_lease"),
            fmt::format("omitted, and voltd cannot set or read a lease timer of {}: it may stay on if voltd dies", dialect),
            advice("write require_lease: false if you accept that, or use a relay with a timer that voltd can set"));
}

std::string filled(std::string text, const std::string& token, const std::string& value) {
    const std::size_t at = text.find(token);
    return at == std::string::npos ? text : text.replace(at, token.size(), value);
}

/// Returns the last topic level in lower case, as many devices read it. POWER of a Tasmota is POWER1.
std::string relay_of_topic(std::string topic) {
    if (tasmota_power(topic) == "power") topic += '1';
    const std::size_t slash = topic.rfind('/');
    return slash == std::string::npos ? topic : topic.substr(0, slash) + lower(topic.substr(slash));
}

/// Returns the relays of a generic output. `set/state` of Zigbee2MQTT is the `state` of `set`.
std::vector<std::string> relays_of_generic(const OutputConfig& output) {
    const std::string relay = relay_of_topic(output.command_topic);
    const std::size_t slash = relay.rfind('/');
    if (slash == std::string::npos || !relay.substr(0, slash).ends_with("/set")) return {relay};
    const std::string set = relay.substr(0, slash), field = relay.substr(slash + 1);
    if (field == "state") return {set, set + " state"};
    return {set + " " + field};
}

/// Returns the names of the relay that an output switches: by dialect, and by its command topic if known.
std::vector<std::string> relays_of(const OutputConfig& output) {
    if (output.dialect == DialectName::generic) return relays_of_generic(output);
    if (output.dialect == DialectName::tasmota) {
        const std::string topic = filled(filled(output.full_topic, "%prefix%", "cmnd"), "%topic%", output.topic) + "POWER";
        const int channel = output.channel.value_or(1);
        std::vector<std::string> relays = {relay_of_topic(topic + std::to_string(channel))};
        if (channel == 1) relays.push_back(relay_of_topic(topic));
        relays.push_back(fmt::format("tasmota {} {}", output.topic, channel));
        return relays;
    }
    const std::string channel = std::to_string(output.channel.value_or(0));
    if (output.dialect == DialectName::esphome) return {entity_of(output) + "/command"};
    if (output.dialect == DialectName::shelly_gen1) return {"shellies/" + output.topic + "/relay/" + channel + "/command"};
    if (output.dialect == DialectName::shelly_gen2) return {output.topic + "/command/switch:" + channel};
    const std::string set = output.base_topic + "/" + output.topic + "/set";
    if (!output.state_field.empty()) return {set + " " + lower(output.state_field)};
    if (output.channel) return {set + " state_l" + channel};
    return {set, set + " state"};
}

void check_alone(const Checked& c, std::map<std::string, std::string>& relays) {
    const char* key = c.output.dialect == DialectName::generic ? "command_topic" : "topic";
    for (const char* part : {"kind", "dialect", "topic", "channel", "full_topic", "base_topic", "state_field", "component",
                             "object", "command_topic"})
        if (!c.sound(part)) return;
    if (!c.given(key)) return;
    const std::vector<std::string> names = relays_of(c.output);
    const auto taken = std::find_if(names.begin(), names.end(), [&](const auto& n) { return relays.count(n) > 0; });
    if (taken != names.end())
        c.refuse(key, "the same relay as output " + relays[*taken], advice("use one output for each relay"));
    for (const std::string& name : names) relays.emplace(name, c.output.id);
}

/// Returns true if one message would set the state of both.
bool share_state(const OutputConfig& a, const OutputConfig& b) {
    if (a.state_topic != b.state_topic || a.state_field != b.state_field) return false;
    if (a.kind == OutputKind::level || b.kind == OutputKind::level) return true;
    const std::vector<std::string> words = {a.state_on, a.state_off};
    return has(words, b.state_on) || has(words, b.state_off);
}

void check_own_state(const Checked& c, const std::vector<OutputConfig>& outputs) {
    if (c.output.dialect != DialectName::generic || !c.given("state_topic") || !c.sound("state_topic") || !c.sound("state_field"))
        return;
    const auto other = std::find_if(outputs.begin(), outputs.end(), [&](const OutputConfig& output) {
        return &output == &c.output || (output.dialect == DialectName::generic && share_state(output, c.output));
    });
    if (&*other != &c.output)
        c.refuse("state_topic", fmt::format("also the state_topic of output {}: each would be confirmed by the other", other->id),
                 advice("use each device's own state topic, or a state_field of each"));
}

void check_charge_output(const Config& config, Report& report) {
    if (!config.charge_output || !report.sound("charge_output")) return;
    std::vector<std::string> ids;
    for (const OutputConfig& output : config.outputs) ids.push_back(output.id);
    if (!has(ids, *config.charge_output))
        report.refuse(report.place_of("charge_output"), "charge_output", shown(*config.charge_output) + " is not an output",
                      ids.empty() ? "an output of this file" : fmt::format("one of: {}", fmt::join(ids, ", ")));
}

}  // namespace

void check_outputs(const Config& config, Report& report) {
    std::map<std::string, int> ids;
    std::map<std::string, std::string> relays;
    for (std::size_t i = 0; i < config.outputs.size(); ++i) {
        const OutputConfig& output = config.outputs[i];
        const std::string path = item_path("outputs", i);
        const Checked checked{output, path, config.charge_output == output.id, report};
        check_alone(checked, relays);
        check_dialect(checked);
        check_kind(checked);
        check_esphome(checked);
        check_lease(checked);
        check_payloads(checked);
        check_states(checked);
        check_own_state(checked, config.outputs);
        check_charge(checked);
        warn_of(checked);
        warn_of_swapped(checked);
        const auto [first, fresh] = ids.emplace(output.id, report.place_of(path + ".id").line);
        if (!fresh && !output.id.empty() && report.sound(path + ".id"))
            checked.refuse("id", fmt::format("{} is already used on line {}", shown(output.id), first->second),
                           advice("use a unique id"));
    }
    check_charge_output(config, report);
}

}  // namespace volt
