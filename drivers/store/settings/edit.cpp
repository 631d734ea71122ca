#include "drivers/store/settings/edit.hpp"

#include <algorithm>

#include "drivers/spelling.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/slug.hpp"
#include "drivers/store/settings/uuid.hpp"
#include "drivers/store/settings/write.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/text.hpp"
#include "drivers/zone_name.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

EditProblem unknown_field(SettingsTable table, const std::string& name) {
    std::vector<std::string> known;
    for (const SettingsField& field : fields_of(table)) known.emplace_back(field.name);
    EditProblem problem{name, "", "a column of " + std::string(sql_name(table)), nearest(name, known).value_or(""), ""};
    problem.text = name + ": no such field" + (problem.nearest.empty() ? "" : "; nearest is " + problem.nearest);
    return problem;
}

EditProblem fixed_field(const SettingsField& field, const FieldValue& value) {
    EditProblem problem{field.name, shown(field, value), "no change", "", ""};
    const bool slug = std::string_view(field.name) == "slug";
    problem.text = std::string(field.name) + ": set by voltd, cannot be edited" + (slug ? "; it follows the name" : "");
    return problem;
}

/// Replaces a zone's slug or name with its id.
std::optional<EditProblem> resolve_zone(const SettingsState& state, FieldValue& value) {
    const auto* key = std::get_if<std::string>(&value);
    if (key == nullptr) return std::nullopt;
    if (const auto found = find_key(state.zones, *key)) {
        value = state.zones[*found].id();
        return std::nullopt;
    }
    return make_problem("hvac_zone_id", *key,
                        "a zone (" + comma_list(state.zones, [](const Record& zone) { return zone.slug(); }) + ")");
}

std::optional<EditProblem> check_timezone(const FieldValue& value) {
    const auto* name = std::get_if<std::string>(&value);
    if (name == nullptr || is_zone_name(*name)) return std::nullopt;
    return make_problem("timezone", *name, std::string("a zone of ") + zone_directory + ", as America/Los_Angeles");
}

/// Assigns the fields to the row. Returns all their problems together.
std::vector<EditProblem> assign(const SettingsState& state, const std::vector<Assignment>& assignments, Record& row) {
    std::vector<EditProblem> problems;
    for (const Assignment& it : assignments) {
        const int index = field_index(row.table, it.field);
        if (index < 0) {
            problems.push_back(unknown_field(row.table, it.field));
            continue;
        }
        const SettingsField& field = fields_of(row.table)[static_cast<std::size_t>(index)];
        FieldValue value = fitted(field, it.value);
        FieldValue& present = row.values[static_cast<std::size_t>(index)];
        if (field.fixed) {
            if (value != present) problems.push_back(fixed_field(field, value));
            continue;
        }
        auto problem = check_value(field, value);
        if (!problem && field.kind == FieldKind::zone) problem = resolve_zone(state, value);
        if (!problem && it.field == "timezone" && value != present) problem = check_timezone(value);
        if (problem) problems.push_back(std::move(*problem));
        present = std::move(value);
    }
    return problems;
}

/// Enables a zone's device when it is set, unless the same edit sets that too.
void switch_on_named(const std::vector<Assignment>& assignments, Record& row) {
    if (row.table != SettingsTable::zones) return;
    const auto given = [&](const char* field) {
        return std::any_of(assignments.begin(), assignments.end(), [&](const Assignment& it) { return it.field == field; });
    };
    const auto named = [&](const char* field) { return given(field) && !row.text(field).empty(); };
    const auto set = [&](const char* field, FieldValue value) {
        if (!given(field)) row.at(field) = std::move(value);
    };
    if (named("exhaust_fan_device_id")) set("exhaust_fan_enabled", true);
    if (!named("heater_device_id")) return;
    set("heating_enabled", true);
    if (row.text("heating_priority_1") == "none" && row.text("heating_priority_2") == "none")
        set("heating_priority_1", std::string("heater"));
}

/// Updates the slug when the name changes. A name without letter or digit has none.
std::optional<EditProblem> name_slug(const std::string& name_before, Record& row) {
    if (row.table == SettingsTable::preferences || row.name() == name_before) return std::nullopt;
    const std::string slug = make_slug(row.name());
    if (slug.empty())
        return make_problem(name_column(row.table), row.name(), "a name with at least one letter or digit (a-z, 0-9)");
    row.at("slug") = slug;
    return std::nullopt;
}

std::optional<EditFailure> fill(const SettingsState& state, const std::vector<Assignment>& fields, Record& row) {
    const std::string name = row.name();
    std::vector<EditProblem> problems = assign(state, fields, row);
    switch_on_named(fields, row);
    if (problems.empty())
        if (auto problem = name_slug(name, row)) problems.push_back(std::move(*problem));
    if (problems.empty()) return std::nullopt;
    return refused(std::move(problems));
}

std::optional<EditProblem> missing(const Record& row) {
    std::string names;
    const char* first = nullptr;
    const std::vector<SettingsField>& fields = fields_of(row.table);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!fields[i].required || !std::holds_alternative<std::monostate>(row.values[i])) continue;
        if (first == nullptr) first = fields[i].name;
        names += (names.empty() ? "" : ", ") + std::string(fields[i].name);
    }
    if (first == nullptr) return std::nullopt;
    return EditProblem{first, "", "given", "", "a new " + std::string(noun_of(row.table)) + " needs " + names};
}

/// Returns the row of an edit: by its key, or the site's preferences.
std::optional<std::size_t> find_row(const SettingsState& state, SettingsTable table, const std::string& key) {
    const std::vector<Record>& rows = state.rows(table);
    if (table != SettingsTable::preferences) return find_key(rows, key);
    return rows.empty() ? std::nullopt : std::optional<std::size_t>(0);
}

/// Resets the named fields, or all that a person may set.
std::optional<EditFailure> put_back(const Record& defaults, const std::vector<std::string>& names, Record& row) {
    std::vector<EditProblem> problems;
    for (const std::string& name : names) {
        const int index = field_index(row.table, name);
        if (index < 0) problems.push_back(unknown_field(row.table, name));
        else if (fields_of(row.table)[static_cast<std::size_t>(index)].fixed)
            problems.push_back(fixed_field(fields_of(row.table)[static_cast<std::size_t>(index)], {}));
    }
    if (!problems.empty()) return refused(std::move(problems));
    const std::vector<SettingsField>& fields = fields_of(row.table);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const bool named = std::find(names.begin(), names.end(), fields[i].name) != names.end();
        const bool stays_off =
            std::string_view(fields[i].name) == "operating_mode" && row.text("operating_mode") == name_of(SiteMode::off);
        if (!fields[i].fixed && (named || (names.empty() && !stays_off))) row.values[i] = defaults.values[i];
    }
    return std::nullopt;
}

Edit<Record> new_row(Connection& db, const SettingsState& state, SettingsTable table, const std::vector<Assignment>& fields) {
    Edit<Record> row = default_record(db, table);
    if (!row) return row;
    Record& added = row.value();
    std::vector<EditProblem> problems = assign(state, fields, added);
    switch_on_named(fields, added);
    if (auto problem = missing(added)) problems.push_back(std::move(*problem));
    if (problems.empty())
        if (auto problem = name_slug("", added)) problems.push_back(std::move(*problem));
    if (!problems.empty()) return refused(std::move(problems));
    added.at("id") = make_uuid();
    if (!state.preferences.empty()) added.at("user_id") = state.preferences.front().at("user_id");
    return row;
}

/// Returns the name among the fields of a row, or an empty string if none is given.
std::string name_given(SettingsTable table, const std::vector<Assignment>& fields) {
    for (const Assignment& it : fields)
        if (const auto* name = std::get_if<std::string>(&it.value); it.field == name_column(table) && name != nullptr)
            return *name;
    return {};
}

/// Returns a row with these fields: the changed row of that name, or else a new one.
Edit<Record> wanted_row(Connection& db, const SettingsState& state, SettingsTable table, const std::vector<Assignment>& fields) {
    const auto known = find_key(state.rows(table), name_given(table, fields));
    Edit<Record> row = known ? Edit<Record>(state.rows(table)[*known]) : new_row(db, state, table, fields);
    if (row && known)
        if (auto failure = fill(state, fields, row.value())) return *failure;
    return row;
}

/// Replaces the rows of a table with the wanted ones; `others` keeps the rest after them.
std::optional<EditFailure> replace_rows(Connection& db, SettingsState& state, SettingsTable table,
                                        const std::vector<std::vector<Assignment>>& wanted, bool others) {
    std::vector<Record> rows;
    for (const std::vector<Assignment>& fields : wanted) {
        Edit<Record> row = wanted_row(db, state, table, fields);
        if (!row) return row.failure();
        const bool twice =
            std::any_of(rows.begin(), rows.end(), [&](const Record& it) { return it.slug() == row.value().slug(); });
        if (twice) return refused({make_problem(name_column(table), row.value().name(), "a name that no other row has")});
        rows.push_back(std::move(row.value()));
    }
    if (others)
        for (const Record& other : state.rows(table))
            if (std::none_of(rows.begin(), rows.end(), [&](const Record& it) { return it.id() == other.id(); }))
                rows.push_back(other);
    state.rows(table) = std::move(rows);
    return std::nullopt;
}

std::optional<EditFailure> take_wanted(Connection& db, SettingsState& state, const WantedRows& wanted, bool others) {
    if (state.preferences.empty()) return no_such_row(SettingsTable::preferences, {}, "");
    if (auto failure = fill(state, wanted.preferences, state.preferences.front())) return failure;
    if (auto failure = replace_rows(db, state, SettingsTable::zones, wanted.zones, others)) return failure;
    return replace_rows(db, state, SettingsTable::miners, wanted.miners, others);
}

}  // namespace

Edit<SettingsState> read_records(Connection& db) {
    SettingsState state;
    SqlStatus done = db.execute("BEGIN");
    if (done.ok()) done = read_state(db, state);
    if (db.in_transaction()) db.execute("COMMIT");
    if (!done.ok()) return edit_failure(done);
    return state;
}

Edit<Record> find_record(const SettingsState& state, SettingsTable table, const std::string& key) {
    const auto found = find_row(state, table, key);
    if (!found) return no_such_row(table, state.rows(table), key);
    return state.rows(table)[*found];
}

Edit<Edited> change_record(Connection& db, SettingsTable table, const std::string& key, const std::vector<Assignment>& fields,
                           const EditRequest& request) {
    return write_state(db, request, [&](SettingsState& state) -> std::optional<EditFailure> {
        const auto found = find_row(state, table, key);
        if (!found) return no_such_row(table, state.rows(table), key);
        return fill(state, fields, state.rows(table)[*found]);
    });
}

Edit<Edited> add_record(Connection& db, SettingsTable table, const std::vector<Assignment>& fields, const EditRequest& request) {
    if (table == SettingsTable::preferences)
        return EditFailure{EditFault::refused, "preferences are a single row; change it", {}, {}};
    return write_state(db, request, [&](SettingsState& state) -> std::optional<EditFailure> {
        Edit<Record> row = new_row(db, state, table, fields);
        if (!row) return row.failure();
        state.rows(table).push_back(std::move(row.value()));
        return std::nullopt;
    });
}

Edit<Edited> remove_record(Connection& db, SettingsTable table, const std::string& key, const EditRequest& request) {
    if (table == SettingsTable::preferences)
        return EditFailure{EditFault::refused, "the preferences can be reset, not removed", {}, {}};
    return write_state(db, request, [&](SettingsState& state) -> std::optional<EditFailure> {
        std::vector<Record>& rows = state.rows(table);
        const auto found = find_key(rows, key);
        if (!found) return no_such_row(table, rows, key);
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(*found));
        return std::nullopt;
    });
}

Edit<Edited> replace_records(Connection& db, const WantedRows& wanted, const EditRequest& request) {
    return write_state(db, request, [&](SettingsState& state) { return take_wanted(db, state, wanted, false); });
}

Edit<Edited> merge_records(Connection& db, const WantedRows& wanted, const EditRequest& request,
                           const std::function<std::optional<EditFailure>()>& also) {
    return write_state(db, request, [&](SettingsState& state) {
        auto failure = take_wanted(db, state, wanted, true);
        return failure ? failure : also();
    });
}

Edit<Edited> reset_preferences(Connection& db, const std::vector<std::string>& fields, const EditRequest& request) {
    return write_state(db, request, [&](SettingsState& state) -> std::optional<EditFailure> {
        if (state.preferences.empty()) return no_such_row(SettingsTable::preferences, {}, "");
        Edit<Record> defaults = default_record(db, SettingsTable::preferences);
        if (!defaults) return defaults.failure();
        return put_back(defaults.value(), fields, state.preferences.front());
    });
}

}  // namespace volt
