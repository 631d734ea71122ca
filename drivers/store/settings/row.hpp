// Converts a row of a settings table to its typed form, without trust: each column is checked for type, range and whole steps.
// Part of read_settings().
#pragma once

#include "drivers/store/settings/rules.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Reads a row of user_preferences. The mode counts even if the rest of the row is rejected: `off` must work.
void read_preferences(Connection& db, const Statement& found, const Settings& previous, Settings& into);
/// Reads a row of miner_profiles and adds it, or its substitute if it is invalid.
void add_miner(const Statement& found, const Settings& previous, Settings& into);
/// Reads a row of hvac_zones and adds it, or its substitute if it is invalid.
void add_zone(const Statement& found, const Settings& previous, Settings& into);

/// Adds the errors of `row`, and the substitute `instead`, to the problems of the settings.
void add_problems(Settings& settings, const std::string& row, const std::vector<SettingProblem>& problems, const char* instead);

}  // namespace volt
