#include "daemon/ctl/init/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/config/config_checks.hpp"
#include "daemon/config/config_tables.hpp"
#include "daemon/config/fields.hpp"
#include "daemon/config/yaml_tree.hpp"
#include "daemon/ctl/init/bank.hpp"
#include "daemon/ctl/init/yaml_text.hpp"
#include "daemon/settings/settings_text.hpp"
#include "drivers/mqtt/payload.hpp"

namespace volt::ctl::init {

namespace {

bool is_none(const YamlNode& node) { return node.kind == YamlNode::Kind::scalar && !node.quoted && node.text == "none"; }

/// Allows `none` for a whole section or list.
ConfigField<Config> or_none(ConfigField<Config> field) {
    field.facts.required = true;
    field.read = [read = std::move(field.read)](const At& at, Config& config) {
        if (!is_none(at.node)) read(at, config);
    };
    return field;
}

ConfigField<Config> field_of_file(const char* key) {
    for (const ConfigField<Config>& field : config_fields())
        if (field.facts.key == key) return field;
    return {};
}

/// Returns a section or a list whose values are taken unchanged.
ConfigField<Config> as_it_stands(std::string key, FieldFacts inside) {
    const bool list = inside.form == FieldForm::list;
    FieldFacts facts{.key = std::move(key), .form = inside.form, .required = true, .inside = std::move(inside.inside)};
    if (list) facts.most_items = 256;
    return {std::move(facts), [list](const At& at, Config&) {
                if (is_none(at.node)) return;
                if (!list) {
                    read_keys(at);
                    return;
                }
                const std::vector<YamlNode>& nodes = read_list(at);
                for (std::size_t i = 0; i < nodes.size(); ++i)
                    read_keys({nodes[i], at.path + "[" + std::to_string(i) + "]", at.facts.inside.front(), at.report});
            }};
}

FieldFacts section_of(std::vector<FieldFacts> inside) { return {.form = FieldForm::section, .inside = std::move(inside)}; }

/// Returns the columns that a person may give. Those that init needs are required.
FieldFacts rows_of(SettingsTable table, const std::vector<std::string>& needed) {
    FieldFacts row{.form = FieldForm::section};
    for (const SettingsField& field : fields_of(table)) {
        if (field.fixed) continue;
        FieldFacts one{.key = field.name};
        one.required = std::find(needed.begin(), needed.end(), one.key) != needed.end();
        row.inside.push_back(std::move(one));
    }
    return {.form = FieldForm::list, .inside = {std::move(row)}};
}

ConfigField<Config> any_text(const char* key, bool needed) {
    return {{.key = key, .required = needed, .rule = any_text_rule()}, [](const At& at, Config&) { read_text(at); }};
}

/// Returns a setting, which the settings editor checks later.
ConfigField<Config> as_text(const char* key) {
    return {{.key = key}, [](const At&, Config&) {}};
}

ConfigField<Config> degrees_field(const char* key, std::int64_t most) {
    return {{.key = key, .form = FieldForm::number, .span = {-most * 10'000, most * 10'000, 10'000, "°"}},
            [](const At& at, Config&) { read_steps(at); }};
}

Fields<Config> bank_fields() {
    FieldFacts kind{.key = "kind", .required = true, .bare_words = true};
    for (const BankKind& it : bank_kinds()) kind.words.push_back(it.name);
    FieldFacts chemistry{.key = "chemistry", .bare_words = true};
    for (const BankKind& it : bank_chemistries()) chemistry.words.push_back(it.name);
    const FieldFacts cells{.key = "cells", .form = FieldForm::whole, .span = {1, most_bank_cells}};
    const FieldFacts capacity{.key = "capacity_ah", .form = FieldForm::number, .span = {10, 1'000'000, 10, "Ah"}};
    const auto read_number = [](const At& at, Config&) {
        if (!is_none(at.node)) read_steps(at);
    };
    return {{kind, [](const At& at, Config&) { read_word(at); }},
            {chemistry, [](const At& at, Config&) { read_word(at); }},
            {cells, read_number},
            {capacity, read_number}};
}

ConfigField<Config> guard_field() {
    FieldFacts guard{.key = "charge_guard", .bare_words = true};
    guard.words = {"none"};
    return {guard, [](const At& at, Config&) { read_word(at); }};
}

/// Returns the questions of init in order.
Fields<Config> answer_fields() {
    std::vector<FieldFacts> thresholds;
    for (const std::string& column : bank_columns()) thresholds.push_back({.key = column});
    thresholds.push_back({.key = "voltage_curve"});
    ConfigField<Config> own = as_it_stands("thresholds", section_of(std::move(thresholds)));
    own.facts.required = false;
    Fields<Config> fields = {required(field_of_file("site")),
                             any_text("timezone", true),
                             degrees_field("latitude", 90),
                             degrees_field("longitude", 180),
                             any_text("owner", false),
                             as_text("temperature_unit"),
                             as_text("inverter_max_w"),
                             as_text("max_battery_discharge_w"),
                             required(group("bank", "", bank_fields())),
                             guard_field(),
                             std::move(own)};
    for (const char* key : {"victron", "sol_ark", "mqtt", "outputs"}) fields.push_back(or_none(field_of_file(key)));
    for (const char* key : {"sol_ark_2", "voltage_sources", "power_sources", "sensors", "weather", "charge_output", "database"})
        fields.push_back(field_of_file(key));
    fields.push_back(as_it_stands("zones", rows_of(SettingsTable::zones, {"zone_name"})));
    fields.push_back(
        as_it_stands("miners", rows_of(SettingsTable::miners, {"name", "power_draw_w", "device_id", "hvac_zone_id"})));
    fields.push_back(or_none(field_of_file("api")));
    fields.push_back({{.key = "home_assistant", .form = FieldForm::flag, .required = true}, [](const At& at, Config&) {
                          if (!is_none(at.node)) read_flag(at);
                      }});
    return fields;
}

Json value_of(const YamlNode& node) {
    if (node.quoted) return node.text;
    if (node.text == "true" || node.text == "false") return node.text == "true";
    if (node.text == "null" || node.text == "~") return nullptr;
    const char* const begin = node.text.data();
    const char* const end = begin + node.text.size();
    std::int64_t whole = 0;
    if (const auto [rest, error] = std::from_chars(begin, end, whole); error == std::errc{} && rest == end) return whole;
    double number = 0;
    if (const auto [rest, error] = std::from_chars(begin, end, number); error == std::errc{} && rest == end) return number;
    return node.text;
}

/// Converts a node to JSON. `as_text` keeps scalars as typed.
Json json_of(const YamlNode& node, bool as_text) {
    switch (node.kind) {
        case YamlNode::Kind::null: return nullptr;
        case YamlNode::Kind::scalar: return as_text ? Json(node.text) : value_of(node);
        case YamlNode::Kind::sequence: {
            Json list = Json::array();
            for (const YamlNode& it : node.items) list.push_back(json_of(it, as_text));
            return list;
        }
        case YamlNode::Kind::map: break;
    }
    Json object = Json::object();
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const std::string& key = node.keys[i].text;
        const bool settings = key == "zones" || key == "miners" || key == "thresholds";
        object[key] = json_of(node.items[i], as_text || settings);
    }
    return object;
}

const YamlNode* child(const YamlNode& node, const std::string& key) {
    for (std::size_t i = 0; i < node.keys.size(); ++i)
        if (node.keys[i].text == key) return &node.items[i];
    return nullptr;
}

/// Checks that a custom bank has all its voltages. Its chemistry gives those of the curve.
void check_thresholds(const YamlNode& tree, const Json& answers, Report& report) {
    const Json& bank = part(answers, "bank");
    const YamlNode* const node = child(tree, "bank");
    const BankKind* kind = bank_kind(word(bank, "kind"));
    if (kind == nullptr || node == nullptr) return;
    const bool own = kind->chemistry == nullptr, known = bank.contains("chemistry");
    if (!own) {
        for (const char* key : {"chemistry", "cells"})
            if (bank.contains(key))
                report.refuse(node->place, std::string("bank.") + key, kind->name + " includes it",
                              advice("remove it, or use kind: own"));
        return;
    }
    if (known != bank.contains("cells"))
        report.refuse(node->place, known ? "bank.cells" : "bank.chemistry", "no answer",
                      known ? advice("add the number of cells in series, such as cells: 16")
                            : advice("add the chemistry of its cells, such as chemistry: lifepo4"));
    for (const std::string& column : bank_columns()) {
        const bool of_curve = column == "voltage_at_0_percent" || column == "voltage_at_100_percent";
        const bool given = part(answers, "thresholds").contains(column);
        if (column != "reserve_voltage" && !given && !(of_curve && known))
            report.refuse(tree.place, "thresholds." + column, "no answer", "the voltage of this bank, from its data sheet");
        if (of_curve && known && given)
            report.refuse(child(tree, "thresholds")->place, "thresholds." + column, "it follows from the chemistry",
                          advice("remove it, or remove chemistry and cells and give voltage_curve"));
    }
}

/// Checks a temperature of a zone. Without a unit it is in °C, unless the site shows °F or the value is improbable in °C.
void check_temperature(const YamlNode& node, const std::string& path, bool fahrenheit, Report& report) {
    constexpr double most_plain_c = 60;
    const auto typed = temperature_of(node.text);
    const SettingsField& field = field_at(SettingsTable::zones, path.substr(path.rfind('.') + 1));
    if (!typed || wrong_value(field, fmt::format("{:.1f}", typed->celsius)) != "")
        report.refuse(node.place, path, shown(node.text) + " is no temperature of a zone",
                      "a temperature with its unit, such as 35 C or 95 F");
    else if (!typed->has_unit && (fahrenheit || typed->celsius > most_plain_c))
        report.refuse(node.place, path, node.text + " could be °C or °F", advice(fmt::format("write {0} F or {0} C", node.text)));
}

/// Checks the columns of one row or section against their bounds.
void check_columns(SettingsTable table, const YamlNode& row, const std::string& path, bool fahrenheit, Report& report) {
    for (std::size_t i = 0; i < row.keys.size(); ++i) {
        const YamlNode& value = row.items[i];
        const std::string& key = row.keys[i].text;
        if (value.kind != YamlNode::Kind::scalar || field_index(table, key) < 0) continue;
        const SettingsField& field = field_at(table, key);
        const std::string at = path + key;
        if (table == SettingsTable::zones && is_temperature(key)) check_temperature(value, at, fahrenheit, report);
        else if (const std::string wrong = wrong_value(field, value.text); !wrong.empty() && report.sound(at))
            report.refuse(value.place, at, shown(value.text) + " is not valid", need_of(field));
    }
}

/// Checks each setting in the file and reports its place.
void check_settings_of(const YamlNode& tree, const Json& answers, Report& report) {
    const bool fahrenheit = word(answers, "temperature_unit") == "F";
    YamlNode plain;
    for (std::size_t i = 0; i < tree.keys.size(); ++i) {
        const std::string& key = tree.keys[i].text;
        const bool column =
            std::find(std::begin(settings_of_answers), std::end(settings_of_answers), key) != std::end(settings_of_answers);
        if (!column || is_none(tree.items[i])) continue;
        plain.keys.push_back(tree.keys[i]);
        plain.items.push_back(tree.items[i]);
    }
    check_columns(SettingsTable::preferences, plain, "", fahrenheit, report);
    if (const YamlNode* own = child(tree, "thresholds"))
        check_columns(SettingsTable::preferences, *own, "thresholds.", fahrenheit, report);
    for (const auto& [key, table] : {std::pair("zones", SettingsTable::zones), std::pair("miners", SettingsTable::miners)}) {
        const YamlNode* rows = child(tree, key);
        for (std::size_t i = 0; rows != nullptr && i < rows->items.size(); ++i)
            check_columns(table, rows->items[i], item_path(key, i) + ".", fahrenheit, report);
    }
}

}  // namespace

bool is_temperature(std::string_view column) { return column.starts_with("temp_") || column == "block_charging_below_c"; }

std::optional<TypedTemperature> temperature_of(std::string_view text) {
    const std::size_t number_end = text.find_last_of("0123456789.");
    if (number_end == std::string_view::npos) return std::nullopt;
    std::string unit;
    for (const char it : text.substr(number_end + 1))
        if (it != ' ') unit += it;
    if (unit.starts_with("°")) unit.erase(0, std::string_view("°").size());
    const auto number = number_of(std::string(text.substr(0, number_end + 1)));
    if (!number || (unit != "" && unit != "C" && unit != "F")) return std::nullopt;
    return TypedTemperature{unit == "F" ? (*number - 32) / 1.8 : *number, unit != ""};
}

std::string wrong_value(const SettingsField& field, const std::string& text) {
    if (field.kind == FieldKind::zone) return {};  // answers name the zone
    const auto problem = check_value(field, fitted(field, value_of_text(field, text)));
    return problem ? problem->text : "";
}

bool guard_may_end(const Json& answers) {
    return word(answers, "charge_guard") == "none" || !cold_charge_damages(part(answers, "bank"));
}

AnswersRead read_answers(std::string_view text, const std::string& file) {
    Report report(file);
    AnswersRead read;
    const std::optional<YamlNode> tree = parse_yaml(text, report);
    if (tree && tree->kind != YamlNode::Kind::map && !tree->refused)
        report.refuse({1, 1}, "", "there are no answers", "one key for each question");
    if (tree && tree->kind == YamlNode::Kind::map) {
        const Fields<Config> fields = answer_fields();
        const FieldFacts root{.form = FieldForm::section, .inside = facts_of(fields)};
        Config config;
        read_section({*tree, "", root, report}, fields, config);
        read.answers = json_of(*tree, false);
        check_thresholds(*tree, read.answers, report);
        check_settings_of(*tree, read.answers, report);
    }
    read.problems = report.problems();
    return read;
}

std::string answers_text(const Json& answers) {
    std::string text = "# Answers of voltctl init; replay them: voltctl init --answers FILE\n";
    for (const auto& [key, value] : answers.items()) text += yaml_member(key, value, 0);
    return text;
}

Json sections_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& it : lines) text += it + "\n";
    Report report("probe");
    const std::optional<YamlNode> tree = parse_yaml(text, report);
    return tree && tree->kind == YamlNode::Kind::map ? json_of(*tree, false) : Json::object();
}

bool has_none(const Json& answers, const char* key) {
    if (!answers.contains(key)) return true;
    const Json& value = answers[key];
    return value.is_null() || value == "none" || (value.is_structured() && value.empty());
}

}  // namespace volt::ctl::init
