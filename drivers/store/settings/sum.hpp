// Author and number of an edit. Finds damage by a worn card from the sum of the rows, and repairs it.
#pragma once

#include <string>
#include <vector>

#include "drivers/store/schema/settings_sum.hpp"
#include "drivers/store/settings/edit.hpp"

namespace volt {

/// Sets author and number for the caller's transaction, which the rows of settings_history take.
SqlStatus begin_edit(Connection& db, const std::string& who);
/// Clears author and number, and stores the sum of the new revision.
SqlStatus end_edit(Connection& db);

/// Restores damaged settings from the history, as an edit by `repair`, if their sum is then correct. Otherwise `mended` is false
/// and nothing is changed. Runs in the caller's transaction.
SqlStatus mend_settings(Connection& db, bool& mended);

/// Lists columns that differ from the history: `miner_profiles x: stop_voltage is 43.25, was 47.25`. Empty if none does, or the
/// settings are not damaged.
SqlStatus list_damage(Connection& db, std::vector<std::string>& complaints);

/// Settings for the daemon. Never has damaged rows if better ones are known.
struct CheckedSettings {
    Settings settings;
    std::string damage;  ///< the damage and the substitute, as a sentence, or empty if none
};
/// Reads the settings. If damaged, returns those of the history, else `previous` if that has this revision, else the file's.
/// Stores the sum of a revision without one if the file can be written.
Result<CheckedSettings> read_checked_settings(Connection& db, const Settings& previous);

}  // namespace volt
