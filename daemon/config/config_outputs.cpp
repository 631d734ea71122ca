// Table of an output, and the keys that each dialect requires.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/config/config_tables.hpp"
#include "rules/limits.hpp"

namespace volt {

namespace {

/// Field of the texts by which a Tasmota reports its state: two different ones, [OFF, ON].
ConfigField<OutputConfig> state_words_field() {
    const OutputConfig fresh;
    FieldFacts item{.bare_words = true, .rule = any_text_rule()};
    return {{.key = "state_words",
             .about = "Tasmota: the texts it reports for off and on.",
             .form = FieldForm::list,
             .fallback = "[\"" + fresh.state_word_off + "\",\"" + fresh.state_word_on + "\"]",
             .inside = {item},
             .least_items = 2,
             .most_items = 2,
             .different_items = true},
            [](const At& at, OutputConfig& output) {
                const std::vector<YamlNode>& nodes = read_list(at);
                std::vector<std::string> words;
                for (const YamlNode& node : nodes)
                    if (auto value = read_text({node, at.path, at.facts.inside.front(), at.report})) words.push_back(*value);
                if (words.size() != 2) return;
                output.state_word_off = words[0];
                output.state_word_on = words[1];
            }};
}

/// Adds a field whose default depends on the kind. The struct has the default of a relay; a level has another, so the table
/// itself promises none.
template <class T>
ConfigField<T> by_kind(ConfigField<T> field) {
    field.facts.fallback.clear();
    return field;
}

TextRule full_topic_rule() {
    return {fmt::format("^(?=.*%prefix%)(?=.*%topic%)[^+#{}]+$", hidden_set), "a topic with %prefix% and %topic% in it"};
}

TextRule level_rule() { return {fmt::format("^[^+#/{}]+$", hidden_set), "one level of a topic, without / + #"}; }

ConfigField<OutputConfig> any(const char* key, const char* about, std::string OutputConfig::*member) {
    return text(key, about, member, any_text_rule());
}
ConfigField<OutputConfig> topic(const char* key, const char* about, std::string OutputConfig::*member) {
    return text(key, about, member, topic_rule());
}

/// Returns the fields that `generic` and some other dialects name one by one.
Fields<OutputConfig> topic_and_payload_fields() {
    return {
        topic("command_topic", "generic: topic for commands.", &OutputConfig::command_topic),
        any("payload_on", "generic: the payload that switches on; must differ from payload_off.", &OutputConfig::payload_on),
        any("payload_off", "generic: the payload that switches off.", &OutputConfig::payload_off),
        topic("state_topic",
              "generic: topic on which the device reports its state. If omitted, sending a command counts as its confirmation.",
              &OutputConfig::state_topic),
        any("state_field",
            "generic: the JSON field of the state. Default: the payload itself. Zigbee2MQTT: the field, unless it is state or "
            "state_l<channel>.",
            &OutputConfig::state_field),
        any("state_on", "generic: the state that means on; must differ from state_off.", &OutputConfig::state_on),
        any("state_off", "generic: the state that means off.", &OutputConfig::state_off),
        topic("availability_topic", "generic: topic on which the device, or its last will, reports whether it is online.",
              &OutputConfig::availability_topic),
        any("available", "generic: the payload that means the device is online.", &OutputConfig::available),
        flag("gateway",
             "generic: a gateway reports for the device and may publish a cached state as live. A state counts once two "
             "messages in a row agree.",
             &OutputConfig::gateway),
        topic("power_topic", "generic, ESPHome: topic of the watts, a number or JSON.", &OutputConfig::power_topic),
        any("power_field",
            "generic: the JSON field of the watts, a list entry by its number from 0 (ENERGY.Power.1). Default: the payload "
            "itself. Zigbee2MQTT: the field, unless it is power or power_l<channel>.",
            &OutputConfig::power_field),
        word("power_unit", "generic, ESPHome: the unit of the number on power_topic.", &OutputConfig::power_unit_w,
             {{"W", 1}, {"kW", 1000}}),
    };
}

}  // namespace

const std::vector<DialectRule>& dialect_rules() {
    static const std::vector<DialectRule> rules = {
        {DialectName::tasmota, {"topic"}, {}, {"channel", "full_topic", "state_words"}},
        {DialectName::shelly_gen1, {"topic"}, {}, {"channel"}},
        {DialectName::shelly_gen2, {"topic"}, {}, {"channel"}},
        {DialectName::zigbee2mqtt, {"topic"}, {}, {"channel", "base_topic", "state_field", "power_field"}},
        {DialectName::esphome, {"topic", "component", "object"}, {}, {"power_topic", "power_unit"}, true},
        {DialectName::generic,
         {"command_topic"},
         {"payload_on", "payload_off"},
         {"payload_on", "payload_off", "state_topic", "state_field", "state_on", "state_off", "availability_topic", "available",
          "gateway", "power_topic", "power_field", "power_unit"},
         true},
    };
    return rules;
}

std::vector<std::string> dialect_keys() {
    std::vector<std::string> keys;
    for (const DialectRule& rule : dialect_rules())
        for (const auto* list : {&rule.required, &rule.taken})
            for (const std::string& key : *list)
                if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    return keys;
}

/// Returns the description. Built once, because a field keeps the pointer.
const char* about_external_override() {
    static const std::string about =
        fmt::format("When something else switches the output: adopt it as an override of {} min, or reassert voltd's state.",
                    limits::external_override / 1min);
    return about.c_str();
}

Fields<OutputConfig> output_fields() {
    Fields<OutputConfig> fields = {
        required(text("id", "The id that miner profiles and zones refer to.", &OutputConfig::id, id_rule())),
        named("kind", "relay: on and off; level: a number, for fans.", &OutputConfig::kind),
        named("dialect", "The device's MQTT dialect.", &OutputConfig::dialect),
        topic("topic", "Name or prefix of the device in its dialect.", &OutputConfig::topic),
        number("channel",
               "The device's own number of the relay: Tasmota from 1 (default: POWER), Shelly from 0 (default: 0), Zigbee2MQTT "
               "from 1 (2 is state_l2; default: state).",
               &OutputConfig::channel, {0, 32}),
        // Timer in the device. Tasmota's PulseTime is exact from 12 s on and ends at 64,800 s.
        by_kind(number("lease_s",
                       "Lease timer (dead-man timer): the output switches off by itself after this time without voltd; 0: "
                       "none. Default: 300 for relays, 0 for levels and the charge output. Not allowed with safe_state on.",
                       &OutputConfig::lease, {shortest_lease_s * 1000, longest_lease_s * 1000, 1000, "s", true})),
        by_kind(
            flag("require_lease",
                 "true: nothing starts until the device has confirmed its lease timer, or `voltctl outputs prove` has seen it "
                 "work; needs a lease_s. Default: true where voltd sets, sends or reads the timer (tasmota, shelly-gen1, "
                 "shelly-gen2, zigbee2mqtt; lease_s over 0), false for esphome and generic.",
                 &OutputConfig::require_lease)),
        by_kind(word("safe_state",
                     "State of the output when voltd has no usable data. Default: off for relays, auto for levels, on for the "
                     "charge output.",
                     &OutputConfig::safe_state,
                     {{"off", SafeState::off}, {"auto", SafeState::automatic}, {"on", SafeState::on}})),
        word("on_exit", "What to do when voltd shuts down cleanly.", &OutputConfig::on_exit,
             {{"keep", OnExit::keep}, {"off", OnExit::off}, {"safe", OnExit::safe}}),
        word("external_override", about_external_override(), &OutputConfig::external_override,
             {{"adopt", ExternalSwitch::adopt}, {"reassert", ExternalSwitch::reassert}}),
        flag("meter", "true: the device reports watts.", &OutputConfig::meter),
        text("full_topic", "Tasmota: its FullTopic.", &OutputConfig::full_topic, full_topic_rule()),
        state_words_field(),
        topic("base_topic", "Zigbee2MQTT: its base topic.", &OutputConfig::base_topic),
        named("component", "ESPHome: type of the entity; switch or fan for a relay, fan or number for a level.",
              &OutputConfig::component),
        text("object", "ESPHome: the object id of the entity.", &OutputConfig::object, level_rule()),
        number("max_level", "The highest level.", &OutputConfig::max_level, {1, limits::highest_level}),
    };
    for (ConfigField<OutputConfig>& field : topic_and_payload_fields()) fields.push_back(std::move(field));
    return fields;
}

}  // namespace volt
