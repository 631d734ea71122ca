// Edits the settings, for `voltctl` and HTTP alike. Each call is one transaction that is written completely or not at all, after
// the checks of checks.hpp, of the schema, and of the daemon's reader.
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
    refused,      ///< an invalid value, an unknown field (HTTP 400)
    not_found,    ///< no such row (404)
    conflict,     ///< a name that is taken, an output in use (409)
    moved,        ///< the row was changed since it was read, or a field that should be put back (412)
    unavailable,  ///< the database: locked, not permitted, missing, full (503)
};

/// Reason why nothing was changed. `problems` is empty if it does not concern a field.
struct EditFailure {
    EditFault fault = EditFault::refused;
    std::string text;  ///< one sentence; with problems, that of the first one
    std::vector<EditProblem> problems;
    std::vector<std::string> known;  ///< for `not_found`: the existing slugs
};

/// A value, or the reason why there is none.
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

/// A field with its new value: empty for NULL, numbers as double, points as GivenCurve.
struct Assignment {
    std::string field;
    FieldValue value;
};

/// Author of an edit (for settings_history), and options.
struct EditRequest {
    std::string who;
    bool dry_run = false;  ///< runs everything, then rolls back
    std::optional<std::int64_t>
        seen{};              ///< newest settings_history.id that the caller knows: refused if a row of the edit changed since
    bool end_guard = false;  ///< the last zone that guards against charging a cold battery may be removed
};

/// A row before and after: no `before` if added, no `after` if removed.
struct RowChange {
    SettingsTable table = SettingsTable::preferences;
    std::optional<Record> before, after;
    const Record& row() const { return after ? *after : *before; }
};

/// Result of an edit, actual or tried.
struct Edited {
    std::vector<RowChange> rows;  ///< empty if nothing had to change
    std::int64_t revision = 0;    ///< settings_revision after the edit
    std::int64_t newest = 0;      ///< settings_history.id after the edit
    std::int64_t change = 0;      ///< number in settings_history; 0 if nothing was changed
    bool written = false;
    Settings before, after;  ///< in the form that the daemon reads
};

/// Returns all rows, in one consistent read.
Edit<SettingsState> read_records(Connection& db);

/// Returns a row by its id, slug or name. The key is ignored for preferences: it is the site's row.
Edit<Record> find_record(const SettingsState& state, SettingsTable table, const std::string& key);

/// Changes a row. Omitted fields are kept. A column that the program sets may be given only unchanged. `hvac_zone_id` may also be
/// the zone's slug or name.
Edit<Edited> change_record(Connection& db, SettingsTable table, const std::string& key, const std::vector<Assignment>& fields,
                           const EditRequest& request);
/// Adds a row. Omitted fields get the schema's defaults. Not for preferences.
Edit<Edited> add_record(Connection& db, SettingsTable table, const std::vector<Assignment>& fields, const EditRequest& request);
Edit<Edited> remove_record(Connection& db, SettingsTable table, const std::string& key, const EditRequest& request);
/// Wanted settings of a new site: preferences, and every zone and miner with its name.
struct WantedRows {
    std::vector<Assignment> preferences;
    std::vector<std::vector<Assignment>> zones, miners;
};
/// Replaces all rows as one edit: changes a row with the same name, adds the others, and removes rows that are not named.
Edit<Edited> replace_records(Connection& db, const WantedRows& wanted, const EditRequest& request);
/// Merges rows as one edit, and keeps rows that are not named. `also` runs in the same transaction, which takes both or neither.
Edit<Edited> merge_records(Connection& db, const WantedRows& wanted, const EditRequest& request,
                           const std::function<std::optional<EditFailure>()>& also);

/// Resets the named preferences, or all of them, to those of a new site. In a full reset, `operating_mode` is kept while it is
/// `off`: a person switched the site off, so a side effect must not switch it on.
Edit<Edited> reset_preferences(Connection& db, const std::vector<std::string>& fields, const EditRequest& request);

}  // namespace volt
