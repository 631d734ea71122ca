#include "daemon/ctl/import/cloud_rows.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "daemon/settings/settings_json.hpp"
#include "daemon/settings/settings_text.hpp"
#include "drivers/text.hpp"

namespace volt::ctl::cloud {

namespace {

/// Fields of the cloud that have another name here. In addition, `…_watts` becomes `…_w`.
constexpr std::array<std::pair<const char*, const char*>, 1> other_names{
    {{"block_charging_below_temp", "block_charging_below_c"}}};
constexpr std::string_view watts_end = "_watts";
/// Fields that the programs on both sides set.
constexpr std::array program_fields{"id", "user_id", "slug", "created_at", "updated_at"};

/// Field with the cloud's zone id, resolved after all files are read.
constexpr const char* zone_field = "hvac_zone_id";

std::string our_name(const std::string& theirs) {
    for (const auto& [from, to] : other_names)
        if (theirs == from) return to;
    if (theirs.ends_with(watts_end)) return theirs.substr(0, theirs.size() - watts_end.size()) + "_w";
    return theirs;
}

bool is_program_field(const std::string& name) {
    return std::find(program_fields.begin(), program_fields.end(), name) != program_fields.end();
}

/// Converts `18:00:00` to `18:00`.
std::string clock_of(std::string text) {
    if (text.size() == 8 && text.ends_with(":00")) text.resize(5);
    return text;
}

FieldValue value_from_cloud(const SettingsField& field, const Json& given) {
    if (!given.is_string()) return json::value_of(field, given);
    const std::string text = given.get<std::string>();
    if (field.kind == FieldKind::clock) return clock_of(text);
    const bool as_it_is = field.kind == FieldKind::text || field.kind == FieldKind::word || field.kind == FieldKind::zone;
    return as_it_is ? FieldValue(text) : value_of_text(field, text);
}

std::string name_of_row(SettingsTable table, const Json& row) {
    return table == SettingsTable::preferences ? "" : word(row, name_column(table));
}

std::string label(SettingsTable table, const Json& row) {
    const std::string name = name_of_row(table, row);
    return std::string(noun_of(table)) + (name.empty() ? "" : " " + name);
}

std::vector<Assignment> fields_from(SettingsTable table, const Json& row, CloudRows& into) {
    std::vector<Assignment> fields;
    std::map<std::string, std::string> given_as;
    for (const auto& [theirs, given] : row.items()) {
        if (is_program_field(theirs)) continue;
        const std::string name = our_name(theirs);
        const int index = field_index(table, name);
        if (index < 0) {
            into.unknown.push_back(label(table, row) + ": " + theirs);
            continue;
        }
        const SettingsField& field = fields_of(table)[static_cast<std::size_t>(index)];
        if (const auto [first, added] = given_as.emplace(name, theirs); !added)
            into.problem =
                label(table, row) + ": " + first->second + " and " + theirs + " are both " + name + "; keep one of them";
        if (given.is_null() && !field.nullable)
            into.notes.push_back(label(table, row) + ": " + theirs + " has no value: it stays as it is");
        else fields.push_back({name, value_from_cloud(field, given)});
    }
    return fields;
}

/// Returns the table that has the row's fields.
std::optional<SettingsTable> table_of(const Json& row) {
    if (row.contains("zone_name")) return SettingsTable::zones;
    if (row.contains("start_voltage") || row.contains("stop_voltage")) return SettingsTable::miners;
    if (row.contains("voltage_curve") || row.contains("voltage_at_0_percent") || row.contains("voltage_shutdown"))
        return SettingsTable::preferences;
    return std::nullopt;
}

/// Unwraps the rows of an API: `{"miners":[…]}`, `{"data":{…}}`.
const Json& unwrapped(const Json& answer) {
    if (answer.is_object())
        for (const char* key : {"preferences", "miners", "zones", "data"})
            if (const auto found = answer.find(key); found != answer.end() && found->is_structured()) return unwrapped(*found);
    return answer;
}

bool refuse(CloudRows& into, const std::string& file, const std::string& what) {
    into.problem = file + ": " + what;
    return false;
}

bool add_row(const Json& row, const std::string& file, CloudRows& into) {
    const auto table = row.is_object() ? table_of(row) : std::nullopt;
    if (!table) return refuse(into, file, "unknown row; expected preferences, a miner or a zone");
    std::vector<Assignment> fields = fields_from(*table, row, into);
    if (!into.problem.empty()) return refuse(into, file, std::string(into.problem));
    if (*table == SettingsTable::preferences) {
        if (!into.rows.preferences.empty()) return refuse(into, file, "the preferences row appears twice");
        into.rows.preferences = std::move(fields);
        return true;
    }
    if (name_of_row(*table, row).empty())
        return refuse(into, file, std::string("a ") + noun_of(*table) + " without " + name_column(*table));
    (*table == SettingsTable::zones ? into.rows.zones : into.rows.miners).push_back(std::move(fields));
    if (*table == SettingsTable::zones)
        if (const std::string id = word(row, "id"); !id.empty()) into.zone_names[id] = name_of_row(*table, row);
    return true;
}

}  // namespace

bool add_cloud_rows(const std::string& text, const std::string& file, CloudRows& into) {
    const std::size_t begin = text.starts_with(utf8_bom) ? utf8_bom.size() : 0;
    const Json answer = Json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), nullptr, false);
    if (!answer.is_structured()) return refuse(into, file, "expected a JSON object or array");
    const Json& rows = unwrapped(answer);
    if (rows.is_object()) return add_row(rows, file, into);
    if (rows.empty()) return refuse(into, file, "no rows");
    if (rows.size() > most_cloud_rows) return refuse(into, file, "more than " + std::to_string(most_cloud_rows) + " rows");
    return std::all_of(rows.begin(), rows.end(), [&](const Json& row) { return add_row(row, file, into); });
}

void name_zones(CloudRows& rows) {
    for (std::vector<Assignment>& miner : rows.rows.miners)
        for (Assignment& field : miner)
            if (auto* id = std::get_if<std::string>(&field.value); field.field == zone_field && id != nullptr)
                if (const auto name = rows.zone_names.find(*id); name != rows.zone_names.end()) *id = name->second;
}

}  // namespace volt::ctl::cloud
