// The tables of the settings, by name.
#pragma once

namespace volt {

/// In the order of SettingsTable.
inline constexpr const char* settings_table_names[] = {"user_preferences", "hvac_zones", "miner_profiles"};

}  // namespace volt
