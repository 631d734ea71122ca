// Editing the settings: one piece of code for `voltctl` and HTTP. Each call is one transaction that is written whole or
// not at all, after the checks of checks.hpp, of the schema, and of the reader the daemon uses.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/store/settings/record.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

enum class EditFault : std::uint8_t {
    refused,      ///< an impossible value, an unknown field (HTTP 400)
    not_found,    ///< no such row (404)
    conflict,     ///< a name that is taken, an output in use (409)
    moved,        ///< the row was changed since it was seen, or a field that was to be put back (412)
    unavailable,  ///< the database: locked, not permitted, missing, full (503)
};

/// Why nothing was changed. `problems` is empty if it does not concern a field.
struct EditFailure {
    EditFault fault = EditFault::refused;
    std::string text;  ///< one sentence; with problems: that of the first one
    std::vector<EditProblem> problems;
    std::vector<std::string> known;  ///< of `not_found`: the slugs there are
};

/// A value, or why there is none.
template <class T>
class Edit {
public:
    Edit(T value) : content_(std::move(value)) {}                // NOLINT(google-explicit-constructor)
    Edit(EditFailure failure) : content_(std::move(failure)) {}  // NOLINT(google-explicit-constructor)
    bool ok() const { return content_.index() == 0; }
    explicit operator bool() const { return ok(); }
    const T& value() const { return std::get<0>(content_); }
    T& value() { return std::get<0>(content_); }
    const EditFailure& failure() const { return std::get<1>(content_); }

private:
    std::variant<T, EditFailure> content_;
};

/// A field and the value it shall have: nothing for NULL, numbers as double, points as GivenCurve.
struct Assignment {
    std::string field;
    FieldValue value;
};

/// Who edits (for settings_history), and whether it is only tried.
struct EditRequest {
    std::string who;
    bool dry_run = false;  ///< everything is done, then rolled back
    std::optional<std::int64_t>
        seen{};              ///< the newest settings_history.id the caller knows: refused where a row of the edit changed since
    bool end_guard = false;  ///< the last zone that guards the battery against charging while cold may go
};

/// One row before and after; nothing before: added, nothing after: removed.
struct RowChange {
    SettingsTable table = SettingsTable::preferences;
    std::optional<Record> before, after;
    const Record& row() const { return after ? *after : *before; }
};

/// What an edit did, or would do.
struct Edited {
    std::vector<RowChange> rows;  ///< empty: everything was so already
    std::int64_t revision = 0;    ///< settings_revision after it
    std::int64_t newest = 0;      ///< settings_history.id after it
    std::int64_t change = 0;      ///< its number in settings_history; 0: nothing was changed
    bool written = false;
    Settings before, after;  ///< as the daemon reads them
};

/// All rows, in one consistent reading.
Edit<SettingsState> read_records(Connection& db);

/// A row by its id, slug or name. For preferences the key does not matter: it is the site's row.
Edit<Record> find_record(const SettingsState& state, SettingsTable table, const std::string& key);

/// Fields left out stay. A column that is set by the program may be given only as it is. `hvac_zone_id` may also be the
/// zone's slug or name.
Edit<Edited> change_record(Connection& db, SettingsTable table, const std::string& key, const std::vector<Assignment>& fields,
                           const EditRequest& request);
/// Omitted fields get the schema's defaults. Not for preferences.
Edit<Edited> add_record(Connection& db, SettingsTable table, const std::vector<Assignment>& fields, const EditRequest& request);
Edit<Edited> remove_record(Connection& db, SettingsTable table, const std::string& key, const EditRequest& request);
/// What the settings of a new site shall hold: preferences, and every zone and miner with its name.
struct WantedRows {
    std::vector<Assignment> preferences;
    std::vector<std::vector<Assignment>> zones, miners;
};
/// As one edit: a row of the same name is changed, the others are added, and rows that are not named are removed.
Edit<Edited> replace_records(Connection& db, const WantedRows& wanted, const EditRequest& request);
/// The same, but rows that are not named stay. `also` runs in the same transaction, which takes both or neither.
Edit<Edited> merge_records(Connection& db, const WantedRows& wanted, const EditRequest& request,
                           const std::function<std::optional<EditFailure>()>& also);

/// The named preferences, or all of them, as on a new site. Of all, `operating_mode` stays while it is `off`: what a
/// person switched off is not switched on as a side effect.
Edit<Edited> reset_preferences(Connection& db, const std::vector<std::string>& fields, const EditRequest& request);

}  // namespace volt
