// The one way in which edited settings reach the database; used by edit and log.
#pragma once

#include <functional>

#include "drivers/store/settings/edit.hpp"

namespace volt {

/// Changes the given state, or returns why not.
using StateEdit = std::function<std::optional<EditFailure>(SettingsState&)>;

/// Reads the state, lets `edit` change it, checks rows and conflicts, writes the difference with its author, reads it
/// again as the daemon does, and commits.
Edit<Edited> write_state(Connection& db, const EditRequest& request, const StateEdit& edit);

/// The table of that SQL name.
std::optional<SettingsTable> settings_table_named(const std::string& sql);
/// A row as settings_history keeps it. Columns it does not have stay as in `present`.
SqlStatus read_logged_row(Connection& db, const std::string& json, Record& present);

/// What must be written to get from one state to the other.
std::vector<RowChange> difference(const SettingsState& before, const SettingsState& after);
/// Zones before the miners that name them; rows that go: miners before their zones.
SqlStatus write_rows(Connection& db, std::vector<RowChange> changes);

/// A status of SQLite as a failure: a broken rule is `refused`, a lock `unavailable`.
EditFailure edit_failure(const SqlStatus& status);
EditFailure refused(std::vector<EditProblem> problems);

/// A row's values as the schema fills them in; NULL where it has no default.
Edit<Record> default_record(Connection& db, SettingsTable table);

/// Position of a row in `rows` by id, slug or name.
std::optional<std::size_t> find_key(const std::vector<Record>& rows, const std::string& key);
EditFailure no_such_row(SettingsTable table, const std::vector<Record>& rows, const std::string& key);

}  // namespace volt
