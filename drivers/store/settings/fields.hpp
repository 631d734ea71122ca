// Columns of the settings tables: name, kind, bounds, unit, default, meaning, and the member of the typed row. The reader, the
// editor, the command line, HTTP and the manual all use them; a test compares them with the schema.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/store/settings/settings.hpp"

namespace volt {

/// Bounds of a number in whole steps of 10^-decimals.
struct Bounds {
    std::int64_t low, high;
    int decimals = 0;
};

/// Bounds of every voltage setting: banks of 12 to 96 V.
inline constexpr Bounds battery_volts{500, 15000, 2};

/// Settings tables in the order in which rows may be written: a miner names a zone.
enum class SettingsTable : std::uint8_t { preferences, zones, miners };
inline constexpr SettingsTable settings_tables[] = {SettingsTable::preferences, SettingsTable::zones, SettingsTable::miners};

enum class FieldKind : std::uint8_t {
    number,  ///< whole steps within `bounds`
    real,    ///< any number within `bounds`
    flag,
    text,   ///< `bounds` counts characters
    word,   ///< one of `words`
    clock,  ///< HH:MM
    curve,  ///< points of volts and percent
    zone,   ///< id of a row of hvac_zones
};

/// Member of a typed row for a column, or empty if the rules do not need it or its row reads it differently.
using SettingsMember = std::variant<
    std::monostate,  //
    std::string Settings::*, double Settings::*, Volts Preferences::*, std::optional<Volts> Preferences::*, Watts Preferences::*,
    int Preferences::*, std::int64_t Preferences::*, std::optional<std::int64_t> Preferences::*, std::string Miner::*,
    Watts Miner::*, std::optional<Watts> Miner::*, int Miner::*, Volts Miner::*, bool Miner::*, Duration Miner::*,
    std::optional<Duration> Miner::*, OperatingMode Miner::*,  //
    std::string Zone::*, Celsius Zone::*, bool Zone::*, int Zone::*, Watts Zone::*, FanMode Zone::*, HeatSource Zone::*>;

struct SettingsField {
    const char* name;
    FieldKind kind;
    Bounds bounds{0, 0};
    const char* unit = "";
    SettingsMember member{};
    const char* fallback = "";  ///< default of a new row as people read it, or empty if none
    const char* about = "";     ///< one sentence
    std::vector<std::string> words{};
    bool nullable = false;
    bool required = false;  ///< has no default: a new row requires it
    bool fixed = false;     ///< set by the program, never by a person
};

const std::vector<SettingsField>& fields_of(SettingsTable table);
/// Returns the index in `fields_of`, or -1 if there is no such column.
int field_index(SettingsTable table, std::string_view name);
/// Returns the field. `name` must be a column of the table.
const SettingsField& field_at(SettingsTable table, std::string_view name);

/// Returns `miner_profiles`.
const char* sql_name(SettingsTable table);
/// Returns `miner`.
const char* noun_of(SettingsTable table);
/// Returns the column with the name that a person gave: `name`, `zone_name`, or empty for preferences.
const char* name_column(SettingsTable table);

/// Returns the requirement of a value: `5.00..150.00 in steps of 0.01`, `C, F`, `1 to 64 characters`.
std::string need_of(Bounds bounds);
std::string need_of(const SettingsField& field);

}  // namespace volt
