// The author and the number of an edit; what a worn card changed, found by the sum of the rows, and its repair.
#pragma once

#include <string>
#include <vector>

#include "drivers/store/schema/settings_sum.hpp"
#include "drivers/store/settings/edit.hpp"

namespace volt {

/// Names the author and the number of what follows in the caller's transaction: the rows of settings_history take both.
SqlStatus begin_edit(Connection& db, const std::string& who);
/// Ends it: author and number are cleared, the new revision gets its sum.
SqlStatus end_edit(Connection& db);

/// Where the settings are damaged: puts back the rows as the history knows them, as an edit by `repair`, if their sum is
/// right then. Else `mended` is false and nothing is changed. The caller's transaction.
SqlStatus mend_settings(Connection& db, bool& mended);

/// Columns that differ from the history: `miner_profiles x: stop_voltage is 43.25, was 47.25`.
/// Empty: none, or the settings are not damaged.
SqlStatus list_damage(Connection& db, std::vector<std::string>& complaints);

/// Settings for the daemon, never of damaged rows where better ones are known.
struct CheckedSettings {
    Settings settings;
    std::string damage;  ///< what is wrong and what is used instead, as a sentence; empty: nothing
};
/// Reads them. Damaged: those of the history, else `previous` if that was of this revision, else the file's. A revision
/// without a sum gets one where the file can be written.
Result<CheckedSettings> read_checked_settings(Connection& db, const Settings& previous);

}  // namespace volt
