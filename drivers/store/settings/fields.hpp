// The columns of the settings tables as people and programs see them: name, kind, bounds, unit. What the command line,
// HTTP and the editor know about a column is here, once; a test holds it against the schema.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace volt {

/// Bounds of a number in whole steps of 10^-decimals.
struct Bounds {
    std::int64_t low, high;
    int decimals = 0;
};

/// Every voltage of the settings: banks of 12 to 96 V.
inline constexpr Bounds battery_volts{500, 15000, 2};

/// In the order in which rows may be written: a miner names a zone.
enum class SettingsTable : std::uint8_t { preferences, zones, miners };
inline constexpr SettingsTable settings_tables[] = {SettingsTable::preferences, SettingsTable::zones, SettingsTable::miners};

enum class FieldKind : std::uint8_t {
    number,  ///< whole steps within `bounds`
    real,    ///< any number within `bounds`
    flag,
    text,   ///< `bounds` counts characters
    word,   ///< one of `words`
    clock,  ///< HH:MM
    curve,  ///< points of volts and per cent
    zone,   ///< id of a row of hvac_zones
};

struct SettingsField {
    const char* name;
    FieldKind kind;
    Bounds bounds{0, 0};
    const char* unit = "";
    std::vector<std::string> words{};
    bool nullable = false;
    bool required = false;  ///< without a default: must be given for a new row
    bool fixed = false;     ///< set by the program, never by a person
};

const std::vector<SettingsField>& fields_of(SettingsTable table);
/// Position in `fields_of`, -1 where there is no such column.
int field_index(SettingsTable table, const std::string& name);

/// `miner_profiles`.
const char* sql_name(SettingsTable table);
/// `miner`.
const char* noun_of(SettingsTable table);
/// The column with the name a person gave: `name`, `zone_name`; empty for preferences.
const char* name_column(SettingsTable table);

/// What a value must be: `5.00..150.00 in steps of 0.01`, `C, F`, `1 to 64 characters`.
std::string need_of(Bounds bounds);
std::string need_of(const SettingsField& field);

}  // namespace volt
