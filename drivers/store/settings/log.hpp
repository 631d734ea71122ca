// The history of the settings: what was changed, when and by whom, and an earlier state put back.
#pragma once

#include "drivers/store/settings/edit.hpp"

namespace volt {

/// A column of one change, before and after, as text for people.
struct LoggedField {
    std::string field, before, after;
    bool operator==(const LoggedField&) const = default;
};

/// One row of settings_history.
struct LoggedChange {
    std::int64_t id = 0;      ///< of the row
    std::int64_t change = 0;  ///< its number, which all rows of one edit share
    std::string at;           ///< UTC, ISO 8601
    std::string who;
    SettingsTable table = SettingsTable::preferences;
    std::string row_id;
    std::string row;  ///< slug, `preferences` for these
    enum class Kind : std::uint8_t { added, changed, removed } kind = Kind::changed;
    std::vector<LoggedField> fields;  ///< those that differ; of an added or removed row all that are not NULL
};

inline constexpr int most_logged = 10000;
inline constexpr int most_logged_at_once = 100;  ///< rows that are read for sentences_of_changes()

struct LogFilter {
    std::optional<SettingsTable> table;
    std::string row;  ///< id, slug or name (as it was or is); empty: all
    int limit = 20;   ///< at most most_logged
};

/// The newest changes that fit, newest first.
Edit<std::vector<LoggedChange>> settings_log(Connection& db, const LogFilter& filter);

/// `120`: right after change 120 (0: none of those that are still known); `2025-06-21T12:00:00Z` (or with a space,
/// shorter, without Z; always UTC): as it stood then; `90m`, `2h`, `3d`: that long ago. The number of the last change of
/// that state.
Edit<std::int64_t> find_moment(Connection& db, const std::string& text);

/// The rows as of the newest history entry for each; a row without an entry is unchanged.
SqlStatus replay_history(Connection& db, SettingsState& state);

/// The fields of one change (its number, or that of one of its rows) back to what they were before it, as one edit.
/// `moved` where a later change gave one of them a value, be it the same; what is as before the change stays.
Edit<Edited> undo_change(Connection& db, std::int64_t change, const EditRequest& request);

/// `change 20 by pi: voltage_low 47.0 -> 47.2`, for each change after `after`, oldest first; at most the newest `most`.
Edit<std::vector<SettingsChange>> sentences_of_changes(Connection& db, std::int64_t after, int most);
/// Number of the newest change; 0: none.
std::int64_t newest_change(Connection& db);

/// All rows as they stood after change `moment`. Columns the history does not know have their present value.
Edit<SettingsState> settings_after(Connection& db, std::int64_t moment);

/// A change that is in force from a second on.
struct SettingsMoment {
    std::int64_t change = 0, from_s = 0;
};
/// The change in force at `from`, then those until `to`, oldest first, at most the first `most` + 1. Empty: the history has none.
Edit<std::vector<SettingsMoment>> settings_moments(Connection& db, Utc from, Utc to, int most);

/// Puts all settings back to where they stood after change `moment`, as one edit with all its checks. Columns the
/// history does not know keep their present value.
Edit<Edited> restore_settings(Connection& db, std::int64_t moment, const EditRequest& request);

}  // namespace volt
