// The settings tables as typed rows: the database's values, before names are resolved into a Policy.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/policy.hpp"

namespace volt {

/// A change of the settings, for people: `change 20 by pi: voltage_low 47.0 -> 47.2`.
struct SettingsChange {
    std::int64_t number = 0;
    std::string text;
};

/// One consistent reading of the settings tables (one transaction). Miners and zones have `output`, `zone`, `fan`,
/// `heater` and `sensor` unresolved (`no_index`); their `…_id` members hold the names as stored. `Miner::zone_id` likewise.
struct Settings {
    std::int64_t revision = 0;     ///< settings_revision
    std::uint64_t mode_order = 0;  ///< number of the newest Store::set_mode() that these know of; 0: none
    Preferences preferences;
    std::string timezone = "America/Los_Angeles";
    double latitude = 37.3382, longitude = -121.8863;  ///< for sun tables and display only
    std::string display_mode = "voltage", temperature_unit = "C";
    std::vector<Miner> miners;  ///< every row, the disabled ones too
    std::vector<Zone> zones;
    std::vector<SettingsChange> changes;  ///< since those read before, oldest first; at most a few
    std::vector<std::string> left_out;    ///< text about surplus rows of a table; empty: none
    std::vector<std::string> problems;    ///< text about rows that break a rule; their replacements are in here
};

}  // namespace volt
