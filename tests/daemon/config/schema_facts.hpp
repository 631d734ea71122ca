// The normative part of the JSON Schema, made from the tables of fields: types, bounds, words, defaults, required keys.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/config/config_tables.hpp"

namespace volt::test {

using nlohmann::json;

inline json schema_of(const FieldFacts& facts);

inline json with_default(json schema, const FieldFacts& facts) {
    if (!facts.fallback.empty()) schema["default"] = json::parse(facts.fallback);
    return schema;
}

inline json section_schema(const std::vector<FieldFacts>& fields) {
    json schema = {{"type", "object"}, {"additionalProperties", false}};
    for (const FieldFacts& field : fields) {
        schema["properties"][field.key] = schema_of(field);
        if (field.required) schema["required"].push_back(field.key);
    }
    return schema;
}

inline json number_schema(const FieldFacts& facts) {
    const char* type = facts.form == FieldForm::whole ? "integer" : "number";
    json schema = {{"type", type}};
    if (facts.null_too) schema["type"] = {type, "null"};
    for (const std::string& word : facts.words) schema["enum"].push_back(json::parse(word));
    if (!facts.words.empty()) return schema;
    json bounds = {{"minimum", json::parse(decimal_text(facts.span.low, facts.span.scale))},
                   {"maximum", json::parse(decimal_text(facts.span.high, facts.span.scale))}};
    if (facts.span.zero_too) schema["anyOf"] = {json{{"const", 0}}, bounds};
    else schema.update(bounds);
    return schema;
}

inline json text_schema(const FieldFacts& facts) {
    json schema = {{"type", "string"}};
    if (facts.null_too) schema["type"] = {"string", "null"};
    if (!facts.words.empty()) schema["enum"] = facts.words;
    else schema.update({{"pattern", facts.rule.pattern}, {"maxLength", facts.rule.most}});
    return schema;
}

inline json list_schema(const FieldFacts& facts) {
    json schema = {{"type", "array"}, {"items", schema_of(facts.inside.front())}, {"maxItems", facts.most_items}};
    if (facts.least_items > 0) schema["minItems"] = facts.least_items;
    if (facts.different_items) schema["uniqueItems"] = true;
    return schema;
}

inline json schema_of(const FieldFacts& facts) {
    switch (facts.form) {
        case FieldForm::text: return with_default(text_schema(facts), facts);
        case FieldForm::flag: return with_default({{"type", "boolean"}}, facts);
        case FieldForm::whole:
        case FieldForm::number: return with_default(number_schema(facts), facts);
        case FieldForm::section: return section_schema(facts.inside);
        case FieldForm::list: return with_default(list_schema(facts), facts);
    }
    return {};
}

/// A condition on a key with a default: left out, it is the default.
inline json is(const std::string& key, const std::string& word, const std::string& fallback) {
    json condition = {{"properties", {{key, {{"const", word}}}}}};
    if (word != fallback) condition["required"] = {key};
    return condition;
}

inline json dialect_conditions() {
    json conditions = json::array();
    for (const DialectRule& rule : dialect_rules()) {
        const json condition = is("dialect", rule.dialect, "tasmota");
        json then = {{"required", rule.required}};
        for (const std::string& key : dialect_keys()) {
            const auto stands = [&](const std::vector<std::string>& list) {
                return std::find(list.begin(), list.end(), key) != list.end();
            };
            if (!stands(rule.required) && !stands(rule.taken)) then["properties"][key] = false;
        }
        if (!rule.levels) then["properties"]["kind"] = {{"const", "relay"}};
        if (rule.dialect == "tasmota" || rule.dialect == "zigbee2mqtt") then["properties"]["channel"] = {{"minimum", 1}};
        conditions.push_back({{"if", condition}, {"then", then}});
        if (rule.required_of_relay.empty()) continue;
        conditions.push_back(
            {{"if", {{"allOf", {condition, is("kind", "relay", "relay")}}}}, {"then", {{"required", rule.required_of_relay}}}});
    }
    conditions.push_back({{"if", is("kind", "relay", "relay")},
                          {"then", {{"properties", {{"max_level", false}, {"safe_state", {{"enum", {"off", "on"}}}}}}}}});
    for (const auto& [kind, components] : {std::pair{"relay", json{"switch", "fan"}}, {"level", json{"fan", "number"}}})
        conditions.push_back(
            {{"if", is("kind", kind, "relay")}, {"then", {{"properties", {{"component", {{"enum", components}}}}}}}});
    return conditions;
}

/// The whole file.
inline json expected_schema() {
    json schema = section_schema(facts_of(config_fields()));
    schema["anyOf"] = {json{{"required", {"victron"}}}, json{{"required", {"sol_ark"}}}};
    schema["dependentRequired"] = {{"sol_ark_2", {"sol_ark"}}};
    schema["properties"]["outputs"]["items"]["allOf"] = dialect_conditions();
    return schema;
}

/// A schema without what is for people only.
inline json without_words(const json& schema) {
    if (schema.is_array()) {
        json result = json::array();
        for (const json& item : schema) result.push_back(without_words(item));
        return result;
    }
    if (!schema.is_object()) return schema;
    json result = json::object();
    for (const auto& [key, value] : schema.items()) {
        const bool words = value.is_string() && (key == "description" || key == "title" || key == "$schema" || key == "$comment");
        if (!words) result[key] = without_words(value);
    }
    return result;
}

}  // namespace volt::test
