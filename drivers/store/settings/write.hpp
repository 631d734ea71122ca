// Writes edited settings to the database, for edit and log.
#pragma once

#include <functional>

#include "drivers/store/settings/edit.hpp"

namespace volt {

/// Changes the given state, or returns the reason why not.
using StateEdit = std::function<std::optional<EditFailure>(SettingsState&)>;

/// Reads the state, lets `edit` change it, checks rows and conflicts, writes the difference with its author, reads it again like
/// the daemon, and commits.
Edit<Edited> write_state(Connection& db, const EditRequest& request, const StateEdit& edit);

/// Returns the table with that SQL name.
std::optional<SettingsTable> settings_table_named(const std::string& sql);
/// Reads a row from settings_history. Columns it lacks are kept as in `present`.
SqlStatus read_logged_row(Connection& db, const std::string& json, Record& present);

/// Returns the changes needed to get from one state to the other.
std::vector<RowChange> difference(const SettingsState& before, const SettingsState& after);
/// Writes changes: zones before the miners that name them, removed miners before their zones.
SqlStatus write_rows(Connection& db, std::vector<RowChange> changes);

/// Converts a status of SQLite to a failure: a broken rule is `refused`, a lock `unavailable`.
EditFailure edit_failure(const SqlStatus& status);
EditFailure refused(std::vector<EditProblem> problems);

/// Returns a row with the schema's defaults, and NULL for columns without one.
Edit<Record> default_record(Connection& db, SettingsTable table);

/// Returns the position of a row in `rows` by id, slug or name.
std::optional<std::size_t> find_key(const std::vector<Record>& rows, const std::string& key);
EditFailure no_such_row(SettingsTable table, const std::vector<Record>& rows, const std::string& key);

}  // namespace volt
