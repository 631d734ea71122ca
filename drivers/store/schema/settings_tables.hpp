// Names of the settings tables.
#pragma once

namespace volt {

/// Names in the order of SettingsTable.
inline constexpr const char* settings_table_names[] = {"user_preferences", "hvac_zones", "miner_profiles"};

}  // namespace volt
