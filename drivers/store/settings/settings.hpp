// Settings tables as typed rows: the database's values, before names are resolved into a Policy.
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

/// One consistent read of the settings tables (one transaction). Miners and zones have `output`, `zone`, `fan`, `heater` and
/// `sensor` unresolved (`no_index`); their `…_id` members have the stored names. So does `Miner::zone_id`.
struct Settings {
    std::int64_t revision = 0;     ///< settings_revision
    std::uint64_t mode_order = 0;  ///< number of the newest Store::set_mode() that these include; 0 if none
    Preferences preferences;
    std::string timezone = "America/Los_Angeles";
    double latitude = 37.3382, longitude = -121.8863;  ///< only for sun tables and display
    std::string display_mode = "voltage", temperature_unit = "C";
    std::vector<Miner> miners;  ///< every row, including disabled ones
    std::vector<Zone> zones;
    std::vector<SettingsChange> changes;  ///< changes since the previous read, oldest first; at most a few
    std::vector<std::string> left_out;    ///< text about surplus rows of a table, or none
    std::vector<std::string> problems;    ///< text about rows that break a rule, which are replaced here
};

}  // namespace volt
