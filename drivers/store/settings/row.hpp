// One row of a settings table into its typed form, without trust: each column checked for type, range and whole steps.
// Parts of read_settings().
#pragma once

#include "drivers/store/settings/rules.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Reads one row of user_preferences; the mode counts even if the rest of the row is rejected: `off` must work.
void read_preferences(Connection& db, const Statement& found, const Settings& previous, Settings& into);
/// Reads one row of miner_profiles and adds it, or its substitute if it is invalid.
void add_miner(const Statement& found, const Settings& previous, Settings& into);
/// Reads one row of hvac_zones and adds it, or its substitute if it is invalid.
void add_zone(const Statement& found, const Settings& previous, Settings& into);

/// Adds what was wrong with `row`, and what is used `instead`, to the problems of the settings.
void add_problems(Settings& settings, const std::string& row, const std::vector<SettingProblem>& problems, const char* instead);

}  // namespace volt
