#include "daemon/api/description.hpp"

#include "daemon/settings/settings_json.hpp"
#include "daemon/settings/settings_text.hpp"
#include "drivers/decimal.hpp"
#include "drivers/store/settings/rules.hpp"
#include "drivers/store/settings/slug.hpp"

namespace volt::api {

namespace {

using json::Object;

/// Example values for columns without a default.
constexpr struct {
    const char *field, *value;
} example_values[] = {
    {"id", "c0000000-0000-0000-0000-000000000001"},
    {"user_id", "a0000000-0000-0000-0000-000000000001"},
    {"created_at", "2026-01-01T00:00:00.000Z"},
    {"updated_at", "2026-01-01T00:00:00.000Z"},
    {"name", "Dump Load S19 #1"},
    {"zone_name", "Heat Room"},
    {"power_draw_w", "3250"},
    {"start_voltage", "54.5"},
    {"stop_voltage", "53.0"},
    {"emergency_stop_voltage", "50.0"},
};

std::string example_text(SettingsTable table, const SettingsField& field) {
    if (field.name == std::string_view("slug")) return make_slug(example_text(table, field_at(table, name_column(table))));
    for (const auto& it : example_values)
        if (field.name == std::string_view(it.field)) return it.value;
    return field.fallback;
}

Object example_of(SettingsTable table, const SettingsField& field) {
    return json::value(field, fitted(field, value_of_text(field, example_text(table, field))));
}

/// Returns `schema` with bounds in whole steps of 10^-decimals.
Object bounded(Object schema, Bounds bounds) {
    schema["minimum"] = Object::parse(decimal(bounds.low, bounds.decimals));
    schema["maximum"] = Object::parse(decimal(bounds.high, bounds.decimals));
    if (bounds.decimals > 0) schema["multipleOf"] = Object::parse(decimal(1, bounds.decimals));
    return schema;
}

Object form_of(const SettingsField& field) {
    if (field.fixed) return {{"type", "string"}, {"readOnly", true}};
    switch (field.kind) {
        case FieldKind::number: return bounded({{"type", field.bounds.decimals == 0 ? "integer" : "number"}}, field.bounds);
        case FieldKind::real: return bounded({{"type", "number"}}, field.bounds);
        case FieldKind::flag: return {{"type", "boolean"}};
        case FieldKind::text: return {{"type", "string"}, {"minLength", field.bounds.low}, {"maxLength", field.bounds.high}};
        case FieldKind::word: return {{"type", "string"}, {"enum", field.words}};
        case FieldKind::clock: return {{"type", "string"}, {"pattern", "^([01][0-9]|2[0-3]):[0-5][0-9]$"}};
        case FieldKind::zone: return {{"type", "string"}};
        case FieldKind::curve: break;
    }
    const Object number = {{"type", "number"}};
    const Object point = {
        {"type", "object"}, {"required", {"voltage", "soc"}}, {"properties", {{"voltage", number}, {"soc", number}}}};
    return {{"type", "array"}, {"minItems", least_curve_points}, {"maxItems", most_curve_points}, {"items", point}};
}

std::string about(const SettingsField& field) {
    std::string text = field.about;
    if (*field.unit != '\0' && field.kind != FieldKind::curve) text += " Unit: " + std::string(field.unit) + ".";
    if (field.kind == FieldKind::flag) text += " 0 and 1 are accepted too.";
    if (field.kind == FieldKind::zone) text += " Its slug or name is accepted too.";
    return text;
}

/// Returns the columns of a table as in an answer, or with `sent` only those that a person sets.
Object columns(SettingsTable table, bool sent) {
    Object schema = {{"type", "object"}};
    for (const SettingsField& field : fields_of(table)) {
        if (sent && field.fixed) continue;
        Object column = form_of(field);
        if (field.nullable) column["nullable"] = true;
        column["description"] = about(field);
        schema["properties"][field.name] = std::move(column);
        if (!sent) schema["required"].push_back(field.name);
        if (!sent || field.required) schema["example"][field.name] = example_of(table, field);
    }
    return schema;
}

void add_columns(Object& schemas, SettingsTable table, const std::string& name) {
    const std::string change = name + "Change";
    schemas[name] = columns(table, false);
    schemas[change] = columns(table, true);
    schemas[change]["description"] =
        "Omitted fields keep their value (in a new row: get their default). Unknown fields are rejected; fields that voltd sets "
        "may be sent unchanged.";
    if (table == SettingsTable::preferences) {
        schemas[change]["example"] = {{"voltage_low", example_of(table, field_at(table, "voltage_low"))}};
        return;
    }
    Object must = {{"type", "object"}};
    for (const SettingsField& field : fields_of(table))
        if (field.required) must["required"].push_back(field.name);
    schemas[name + "New"]["allOf"] = {Object{{"$ref", "#/components/schemas/" + change}}, must};
}

/// Adds errors: every request can be malformed or have a wrong method. If a token is required, it can also be rejected or time
/// out.
void add_errors(Object& operation) {
    std::vector<std::string> codes = {"400", "405", "421"};
    if (!operation.contains("security")) codes.insert(codes.end(), {"401", "403", "500", "503"});
    if (operation.contains("requestBody")) codes.insert(codes.end(), {"413", "415"});
    for (const std::string& code : codes)
        if (!operation["responses"].contains(code)) operation["responses"][code] = {{"$ref", "#/components/responses/" + code}};
}

std::string made() {
    Object document = Object::parse(description_base);
    Object& schemas = document["components"]["schemas"];
    add_columns(schemas, SettingsTable::preferences, "Preferences");
    add_columns(schemas, SettingsTable::miners, "Miner");
    add_columns(schemas, SettingsTable::zones, "Zone");
    for (auto& path : document["paths"].items())
        for (auto& operation : path.value().items()) add_errors(operation.value());
    return document.dump(2) + "\n";
}

}  // namespace

const std::string& description() {
    static const std::string text = made();
    return text;
}

}  // namespace volt::api
