// The table of an output, and what each dialect asks of it.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/config/config_tables.hpp"

namespace volt {

namespace {

/// Texts by which a Tasmota reports its state: [OFF, ON], two different ones.
ConfigField<OutputConfig> state_words_field() {
    const OutputConfig fresh;
    FieldFacts item{.bare_words = true, .rule = any_text_rule()};
    return {{.key = "state_words",
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

/// The default of a relay is that of the struct; a level has another, so the table itself promises none.
template <class T>
ConfigField<T> by_kind(ConfigField<T> field) {
    field.facts.fallback.clear();
    return field;
}

TextRule full_topic_rule() {
    return {fmt::format("^(?=.*%prefix%)(?=.*%topic%)[^+#{}]+$", hidden_set), "a topic with %prefix% and %topic% in it"};
}

TextRule level_rule() { return {fmt::format("^[^+#/{}]+$", hidden_set), "one level of a topic, without / + #"}; }

}  // namespace

const std::vector<DialectRule>& dialect_rules() {
    static const std::vector<DialectRule> rules = {
        {"tasmota", {"topic"}, {}, {"channel", "full_topic", "state_words"}},
        {"shelly-gen1", {"topic"}, {}, {"channel"}},
        {"shelly-gen2", {"topic"}, {}, {"channel"}},
        {"zigbee2mqtt", {"topic"}, {}, {"channel", "base_topic", "state_field", "power_field"}},
        {"esphome", {"topic", "component", "object"}, {}, {"power_topic", "power_unit"}, true},
        {"generic",
         {"command_topic"},
         {"payload_on", "payload_off"},
         {"payload_on", "payload_off", "state_topic", "state_field", "state_on", "state_off", "availability_topic", "available",
          "power_topic", "power_field", "power_unit"},
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

Fields<OutputConfig> output_fields() {
    std::vector<std::string> dialects;
    for (const DialectRule& rule : dialect_rules()) dialects.push_back(rule.dialect);
    const auto any = [](const char* key, std::string OutputConfig::*member) { return text(key, member, any_text_rule()); };
    const auto topic = [](const char* key, std::string OutputConfig::*member) { return text(key, member, topic_rule()); };
    return {
        required(text("id", &OutputConfig::id, id_rule())),
        kept_word("kind", &OutputConfig::kind, {"relay", "level"}),
        kept_word("dialect", &OutputConfig::dialect, dialects),
        topic("topic", &OutputConfig::topic),
        number("channel", &OutputConfig::channel, {0, 32}),
        // A device's own timer: Tasmota's PulseTime is exact from 12 s on and ends at 64,800 s.
        by_kind(number("lease_s", &OutputConfig::lease, {30'000, 6'500'000, 1000, "s", true})),
        flag("require_lease", &OutputConfig::require_lease),
        by_kind(word("safe_state", &OutputConfig::safe_state,
                     {{"off", SafeState::off}, {"auto", SafeState::automatic}, {"on", SafeState::on}})),
        word("on_exit", &OutputConfig::on_exit, {{"keep", OnExit::keep}, {"off", OnExit::off}, {"safe", OnExit::safe}}),
        word("external_override", &OutputConfig::external_override,
             {{"adopt", ExternalSwitch::adopt}, {"reassert", ExternalSwitch::reassert}}),
        flag("meter", &OutputConfig::meter),
        text("full_topic", &OutputConfig::full_topic, full_topic_rule()),
        state_words_field(),
        topic("base_topic", &OutputConfig::base_topic),
        kept_word("component", &OutputConfig::component, {"switch", "fan", "number"}),
        text("object", &OutputConfig::object, level_rule()),
        number("max_level", &OutputConfig::max_level, {1, 255}),
        topic("command_topic", &OutputConfig::command_topic),
        any("payload_on", &OutputConfig::payload_on),
        any("payload_off", &OutputConfig::payload_off),
        topic("state_topic", &OutputConfig::state_topic),
        any("state_field", &OutputConfig::state_field),
        any("state_on", &OutputConfig::state_on),
        any("state_off", &OutputConfig::state_off),
        topic("availability_topic", &OutputConfig::availability_topic),
        any("available", &OutputConfig::available),
        topic("power_topic", &OutputConfig::power_topic),
        any("power_field", &OutputConfig::power_field),
        kept_word("power_unit", &OutputConfig::power_unit, {"W", "kW"}),
    };
}

}  // namespace volt
