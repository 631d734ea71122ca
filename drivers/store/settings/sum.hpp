// The author, the number and the sum of an edit; and what a card has changed by itself, found by the sum.
#pragma once

#include <string>
#include <vector>

#include "drivers/store/settings/edit.hpp"

namespace volt {

/// Names the author and the number of what follows in the caller's transaction: the rows of settings_history take both.
SqlStatus begin_edit(Connection& db, const std::string& who);
/// Ends it: author and number are cleared, the new revision gets its sum.
SqlStatus end_edit(Connection& db);

enum class SumState : std::uint8_t {
    good,
    missing,  ///< a revision without a sum: an edit by sqlite3, or the first start after a migration
    damaged,  ///< the same revision, another sum
};

/// Whether the settings are those that were written at their revision. `missing` too where the schema has no sums yet.
SqlStatus check_sum(Connection& db, SumState& state);
/// Gives the present revision its sum; nothing where the schema has no sums yet. The caller's transaction.
SqlStatus write_sum(Connection& db);

/// Where the settings are damaged: puts back the rows as the history knows them, as an edit by `repair`, if their sum is
/// right then. Else `mended` is false and nothing is changed. The caller's transaction.
SqlStatus mend_settings(Connection& db, bool& mended);

/// Columns that differ from the history: `miner_profiles x: stop_voltage is 43.25, was 47.25`.
/// Empty: none, or the settings are not damaged.
SqlStatus list_damage(Connection& db, std::vector<std::string>& complaints);

/// Settings for the daemon, never of damaged rows where better ones are known.
struct CheckedSettings {
    Settings settings;
    std::string damage;  ///< what is wrong and what serves, for people; empty: nothing
};
/// Reads them. Damaged: those of the history, else `previous` if that was of this revision, else the file's. A revision
/// without a sum gets one where the file can be written.
Result<CheckedSettings> read_checked_settings(Connection& db, const Settings& previous);

}  // namespace volt
