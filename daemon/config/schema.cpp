#include "daemon/config/schema.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "daemon/config/config_tables.hpp"

namespace volt {

namespace {

using Json = nlohmann::ordered_json;

Json schema_of(const FieldFacts& facts);

Json section_schema(const std::vector<FieldFacts>& fields) {
    Json schema = {{"type", "object"}, {"additionalProperties", false}};
    for (const FieldFacts& field : fields) {
        schema["properties"][field.key] = schema_of(field);
        if (field.required) schema["required"].push_back(field.key);
    }
    return schema;
}

Json number_schema(const FieldFacts& facts) {
    const char* type = facts.form == FieldForm::whole ? "integer" : "number";
    Json schema = {{"type", type}};
    if (facts.null_too) schema["type"] = {type, "null"};
    for (const std::string& word : facts.words) schema["enum"].push_back(Json::parse(word));
    if (!facts.words.empty()) return schema;
    Json bounds = {{"minimum", Json::parse(decimal_text(facts.span.low, facts.span.scale))},
                   {"maximum", Json::parse(decimal_text(facts.span.high, facts.span.scale))}};
    if (facts.span.zero_too) schema["anyOf"] = {Json{{"const", 0}}, bounds};
    else schema.update(bounds);
    return schema;
}

Json text_schema(const FieldFacts& facts) {
    Json schema = {{"type", "string"}};
    if (facts.null_too) schema["type"] = {"string", "null"};
    if (!facts.words.empty()) schema["enum"] = facts.words;
    else schema.update({{"pattern", facts.rule.pattern}, {"maxLength", facts.rule.most}});
    return schema;
}

Json list_schema(const FieldFacts& facts) {
    Json schema = {{"type", "array"}, {"items", schema_of(facts.inside.front())}, {"maxItems", facts.most_items}};
    if (facts.least_items > 0) schema["minItems"] = facts.least_items;
    if (facts.different_items) schema["uniqueItems"] = true;
    return schema;
}

Json form_schema(const FieldFacts& facts) {
    switch (facts.form) {
        case FieldForm::text: return text_schema(facts);
        case FieldForm::flag: return {{"type", "boolean"}};
        case FieldForm::whole:
        case FieldForm::number: return number_schema(facts);
        case FieldForm::section: return section_schema(facts.inside);
        case FieldForm::list: return list_schema(facts);
    }
    return {};
}

Json schema_of(const FieldFacts& facts) {
    Json schema = Json::object();
    if (!facts.about.empty()) schema["description"] = facts.about;
    schema.update(form_schema(facts));
    if (!facts.fallback.empty()) schema["default"] = Json::parse(facts.fallback);
    return schema;
}

/// Returns a condition on a key with a default: an omitted key has the default.
Json is(const std::string& key, const std::string& word, const std::string& fallback) {
    Json condition = {{"properties", {{key, {{"const", word}}}}}};
    if (word != fallback) condition["required"] = {key};
    return condition;
}

Json dialect_conditions() {
    Json conditions = Json::array();
    for (const DialectRule& rule : dialect_rules()) {
        const Json condition = is("dialect", name_of(rule.dialect), name_of(DialectName::tasmota));
        Json then = {{"required", rule.required}};
        for (const std::string& key : dialect_keys()) {
            const auto stands = [&](const std::vector<std::string>& list) {
                return std::find(list.begin(), list.end(), key) != list.end();
            };
            if (!stands(rule.required) && !stands(rule.taken)) then["properties"][key] = false;
        }
        if (!rule.levels) then["properties"]["kind"] = {{"const", "relay"}};
        if (rule.dialect == DialectName::tasmota || rule.dialect == DialectName::zigbee2mqtt)
            then["properties"]["channel"] = {{"minimum", 1}};
        conditions.push_back({{"if", condition}, {"then", then}});
        if (rule.required_of_relay.empty()) continue;
        conditions.push_back(
            {{"if", {{"allOf", {condition, is("kind", "relay", "relay")}}}}, {"then", {{"required", rule.required_of_relay}}}});
    }
    conditions.push_back({{"if", is("kind", "relay", "relay")},
                          {"then", {{"properties", {{"max_level", false}, {"safe_state", {{"enum", {"off", "on"}}}}}}}}});
    for (const auto& [kind, components] : {std::pair{"relay", Json{"switch", "fan"}}, {"level", Json{"fan", "number"}}})
        conditions.push_back(
            {{"if", is("kind", kind, "relay")}, {"then", {{"properties", {{"component", {{"enum", components}}}}}}}});
    return conditions;
}

Json file_schema(const char* title, const char* about, const std::vector<FieldFacts>& fields) {
    Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}, {"description", about}};
    schema.update(section_schema(fields));
    return schema;
}

}  // namespace

std::string schema_text(const char* title, const char* about, const std::vector<FieldFacts>& fields) {
    return file_schema(title, about, fields).dump(2) + "\n";
}

std::string config_schema() {
    Json schema =
        file_schema("voltd.yaml",
                    "The configuration of one voltd site, with the same names, bounds and defaults as the program. voltd also "
                    "rejects values that are not whole steps, duplicate keys, anchors, tags, and contradictory settings.",
                    facts_of(config_fields()));
    schema["anyOf"] = {Json{{"required", {"victron"}}}, Json{{"required", {"sol_ark"}}}};
    schema["dependentRequired"] = {{"sol_ark_2", {"sol_ark"}}};
    schema["properties"]["outputs"]["items"]["allOf"] = dialect_conditions();
    return schema.dump(2) + "\n";
}

}  // namespace volt
