// History of the settings: what was changed, when and by whom. Restores an earlier state.
#pragma once

#include "drivers/store/settings/edit.hpp"

namespace volt {

/// A column of one change, before and after, as text for people.
struct LoggedField {
    std::string field, before, after;
    bool operator==(const LoggedField&) const = default;
};

/// A row of settings_history.
struct LoggedChange {
    std::int64_t id = 0;      ///< id of the row
    std::int64_t change = 0;  ///< number that all rows of one edit share
    std::string at;           ///< UTC, ISO 8601
    std::string who;
    SettingsTable table = SettingsTable::preferences;
    std::string row_id;
    std::string row;  ///< slug, or `preferences`
    enum class Kind : std::uint8_t { added, changed, removed } kind = Kind::changed;
    std::vector<LoggedField> fields;  ///< fields that differ; for an added or removed row all that are not NULL
};

inline constexpr int most_logged = 10000;
inline constexpr int most_logged_at_once = 100;  ///< rows read for sentences_of_changes()

struct LogFilter {
    std::optional<SettingsTable> table;
    std::string row;  ///< id, slug or name (current or former), or empty for all
    int limit = 20;   ///< at most most_logged
};

/// Returns the newest matching changes, newest first.
Edit<std::vector<LoggedChange>> settings_log(Connection& db, const LogFilter& filter);

/// Returns the number of the last change of a state. `120`: right after change 120 (0: before all known ones).
/// `2025-06-21T12:00:00Z` (or with a space, shorter, without Z; always UTC): at that time. `90m`, `2h`, `3d`: that long ago.
Edit<std::int64_t> find_moment(Connection& db, const std::string& text);

/// Restores the rows from the newest history entry for each. A row without an entry is unchanged.
SqlStatus replay_history(Connection& db, SettingsState& state);

/// Restores the fields of one change (its number, or that of one of its rows) to their values before it, as one edit. Fails with
/// `moved` if a later change set one of them, even to the same value. Skips fields that already have the earlier value.
Edit<Edited> undo_change(Connection& db, std::int64_t change, const EditRequest& request);

/// Returns `change 20 by pi: voltage_low 47.0 -> 47.2` for each change after `after`, oldest first; at most the newest `most`.
Edit<std::vector<SettingsChange>> sentences_of_changes(Connection& db, std::int64_t after, int most);
/// Returns the number of the newest change, or 0 if none.
std::int64_t newest_change(Connection& db);

/// Returns all rows as of change `moment`. Columns unknown to the history have their current value.
Edit<SettingsState> settings_after(Connection& db, std::int64_t moment);

/// A change and the second from which it is in force.
struct SettingsMoment {
    std::int64_t change = 0, from_s = 0;
};
/// Returns the change in force at `from`, then those until `to`, oldest first, at most the first `most` + 1. Empty if the history
/// has none.
Edit<std::vector<SettingsMoment>> settings_moments(Connection& db, Utc from, Utc to, int most);

/// Restores all settings to their values after change `moment`, as one edit with all its checks. Columns unknown to the history
/// keep their current value.
Edit<Edited> restore_settings(Connection& db, std::int64_t moment, const EditRequest& request);

}  // namespace volt
