#include "drivers/store/settings/write.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "drivers/spelling.hpp"
#include "drivers/store/settings/checks.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/log.hpp"
#include "drivers/store/settings/slug.hpp"
#include "drivers/store/settings/sum.hpp"

namespace volt {

namespace {

/// Moves a row out of the way. Two rows that swap a unique value (slug, output) would collide halfway: the first gets a temporary
/// value, which is then also in the state.
SqlStatus step_aside(Connection& db, RowChange& change) {
    if (change.table == SettingsTable::preferences || !change.before) return {};
    Record aside = *change.before;
    if (!change.after || change.after->slug() != aside.slug()) aside.at("slug") = "moving-" + aside.id();
    if (change.table == SettingsTable::miners && (!change.after || change.after->at("device_id") != aside.at("device_id")))
        aside.at("device_id") = std::monostate{};
    const SqlStatus done = update_record(db, *change.before, aside);
    change.before = aside;
    return done;
}

/// Returns true if another row wants a value that this one still has.
bool in_the_way(const RowChange& change, const std::vector<RowChange>& all) {
    if (!change.before || change.table == SettingsTable::preferences) return false;
    const bool miner = change.table == SettingsTable::miners;
    return std::any_of(all.begin(), all.end(), [&](const RowChange& it) {
        if (it.table != change.table || !it.after || it.after->id() == change.before->id()) return false;
        const std::string output = miner ? it.after->text("device_id") : "";
        return it.after->slug() == change.before->slug() ||
               (miner && !output.empty() && output == change.before->text("device_id"));
    });
}

/// Ensures that a restored row's user exists, who may have been removed by SQL.
SqlStatus ensure_user(Connection& db, const Record& row) {
    return db
        .prepare(
            "INSERT INTO users (id, email) SELECT ?1, 'user-' || substr(?1, 1, 8) || '-' || substr(?1, 25) || "
            "'@voltd.local' WHERE NOT EXISTS (SELECT 1 FROM users WHERE id = ?1)")
        .bind(1, row.text("user_id"))
        .run();
}

SqlStatus write_row(Connection& db, const RowChange& change) {
    if (!change.before) return insert_record(db, *change.after);
    if (change.after) return update_record(db, *change.before, *change.after);
    return {};
}

/// Returns complaints that the daemon would have now and did not have before.
std::vector<EditProblem> new_complaints(const Settings& before, const Settings& after) {
    std::vector<EditProblem> problems;
    for (const std::string& it : after.problems)
        if (std::find(before.problems.begin(), before.problems.end(), it) == before.problems.end())
            problems.push_back({"", "", "", "", it});
    return problems;
}

constexpr const char* guard_need = "?end_guard=1";

/// Returns the highest limit of the zones that guard, or empty if none does.
std::optional<Celsius> guard_of(const Settings& settings) {
    std::optional<Celsius> limit;
    for (const Zone& zone : settings.zones)
        if (zone.enabled && zone.block_charging_enabled)
            limit = std::max(limit.value_or(zone.block_charging_below), zone.block_charging_below);
    return limit;
}

/// Refuses to remove the last guard against charging a cold battery, unless the request sets `end_guard`.
std::optional<EditFailure> check_guard(const Settings& before, const Settings& after, const EditRequest& request) {
    const auto limit = guard_of(before);
    if (!limit || guard_of(after) || request.end_guard) return std::nullopt;
    const std::int64_t steps = limit->steps, size = steps < 0 ? -steps : steps;
    const std::string text = "this ends the charging guard below " + std::string(steps < 0 ? "-" : "") +
                             std::to_string(size / 10) + "." + std::to_string(size % 10) + " °C";
    EditFailure failure = refused({{"block_charging_enabled", "", guard_need, "", text}});
    failure.fault = EditFault::conflict;
    return failure;
}

std::optional<EditFailure> check_changes(const std::vector<RowChange>& changes, const SettingsState& before,
                                         const SettingsState& target) {
    std::vector<EditProblem> problems;
    for (const RowChange& it : changes)
        if (it.after)
            for (EditProblem& problem : check_record(it.before ? &*it.before : nullptr, *it.after))
                problems.push_back(std::move(problem));
    if (!problems.empty()) return refused(std::move(problems));
    problems = find_conflicts(before, target);
    if (problems.empty()) return std::nullopt;
    EditFailure failure = refused(std::move(problems));
    failure.fault = EditFault::conflict;
    return failure;
}

/// Converts `CHECK constraint failed: stop_voltage: < start_voltage`, an error that only the schema found.
EditFailure broken_rule(const SqlStatus& status) {
    EditFailure failure{EditFault::refused, status.text, {}, {}};
    const std::string mark = "constraint failed: ";
    const std::size_t at = status.text.find(mark);
    std::string rule = at == std::string::npos ? status.text : status.text.substr(at + mark.size());
    const std::size_t colon = rule.find(": ");
    if (status.text.find("UNIQUE") != std::string::npos) failure.fault = EditFault::conflict;
    if (colon == std::string::npos) return failure;
    failure.problems.push_back({rule.substr(0, colon), "", rule.substr(colon + 2), "", rule});
    failure.text = rule;
    return failure;
}

/// Refuses to overwrite changes of a row that the caller has not seen.
std::optional<EditFailure> check_seen(Connection& db, const std::vector<RowChange>& rows, const EditRequest& request) {
    if (!request.seen) return std::nullopt;
    Statement newer = db.prepare(
        "SELECT id, who FROM settings_history WHERE table_name = ?1 AND row_id = ?2 AND id > ?3 ORDER BY id DESC LIMIT 1");
    // A restored copy has lower change numbers: what was seen before does not belong to this database.
    if (*request.seen > db.number("SELECT max(id) FROM settings_history").value_or(0))
        return EditFailure{
            EditFault::moved, "this database has no change " + std::to_string(*request.seen) + "; load the row again", {}, {}};
    for (const RowChange& change : rows) {
        if (!change.before) continue;
        const std::string row = change.before->id();
        newer.bind(1, sql_name(change.table)).bind(2, row).bind(3, *request.seen);
        if (newer.row())
            return EditFailure{EditFault::moved,
                               "someone else saved first (change " + std::to_string(newer.integer(0)) + ", " + newer.text(1) +
                                   "); check it, then try again",
                               {},
                               {}};
        if (!newer.status().ok()) return edit_failure(newer.status());
        newer.reset();
    }
    return std::nullopt;
}

}  // namespace

std::vector<RowChange> difference(const SettingsState& before, const SettingsState& after) {
    std::vector<RowChange> changes;
    for (const SettingsTable table : settings_tables) {
        for (const Record& row : after.rows(table)) {
            const Record* old = find_id(before.rows(table), row.id());
            if (old == nullptr) changes.push_back({table, std::nullopt, row});
            else if (*old != row) changes.push_back({table, *old, row});
        }
        for (const Record& row : before.rows(table))
            if (find_id(after.rows(table), row.id()) == nullptr) changes.push_back({table, row, std::nullopt});
    }
    return changes;
}

SqlStatus write_rows(Connection& db, std::vector<RowChange> changes) {
    SqlStatus done;
    for (RowChange& it : changes)
        if (done.ok() && in_the_way(it, changes)) done = step_aside(db, it);
    const auto remove = [&](SettingsTable table) {
        for (const RowChange& it : changes)
            if (done.ok() && it.table == table && !it.after) done = delete_record(db, *it.before);
    };
    remove(SettingsTable::miners);
    for (const RowChange& it : changes)
        if (done.ok() && !it.before) done = ensure_user(db, *it.after);
    for (const RowChange& it : changes)
        if (done.ok()) done = write_row(db, it);
    remove(SettingsTable::zones);
    remove(SettingsTable::preferences);
    return done;
}

EditFailure edit_failure(const SqlStatus& status) {
    if (status.bad_row()) return broken_rule(status);
    std::string text = status.text;
    if (status.busy()) text = "another program has locked the database; nothing was changed, try again";
    if (status.full()) text = "no space left for the database (" + text + "); nothing was changed";
    if (status.only_read()) text = "the database cannot be written (" + text + "); are you in its group?";
    if (status.broken()) text = "the database is damaged (" + text + "); voltd repairs it when it starts";
    return {EditFault::unavailable, text, {}, {}};
}

EditFailure refused(std::vector<EditProblem> problems) {
    EditFailure failure{EditFault::refused, problems.empty() ? "" : problems.front().text, {}, {}};
    failure.problems = std::move(problems);
    return failure;
}

Edit<Record> default_record(Connection& db, SettingsTable table) {
    Record record = make_record(table);
    Statement columns = db.prepare("SELECT name, dflt_value FROM pragma_table_info(?1) WHERE dflt_value IS NOT NULL");
    columns.bind(1, std::string_view(sql_name(table)));
    while (columns.row()) {
        const int index = field_index(table, columns.text(0));
        if (index < 0) continue;
        const SettingsField& field = fields_of(table)[static_cast<std::size_t>(index)];
        if (field.fixed) continue;
        Statement value = db.prepare("SELECT " + columns.text(1));
        if (value.row()) record.values[static_cast<std::size_t>(index)] = read_value(db, value, 0, field);
    }
    if (!columns.status().ok()) return edit_failure(columns.status());
    return record;
}

std::optional<std::size_t> find_key(const std::vector<Record>& rows, const std::string& key) {
    const std::string slug = make_slug(key);
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].id() == key) return i;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (!slug.empty() && (rows[i].slug() == slug || make_slug(rows[i].name()) == slug)) return i;
    return std::nullopt;
}

EditFailure no_such_row(SettingsTable table, const std::vector<Record>& rows, const std::string& key) {
    EditFailure failure{EditFault::not_found, "no " + std::string(noun_of(table)) + " " + key, {}, {}};
    if (table == SettingsTable::preferences)
        failure.text =
            "the preferences were removed from the database (see `voltctl settings history`); bring them back with "
            "`voltctl settings restore CHANGE`";
    for (const Record& row : rows) failure.known.push_back(row.slug());
    if (const auto near = nearest(make_slug(key), failure.known)) failure.text += "; did you mean " + *near + "?";
    return failure;
}

Edit<Edited> write_state(Connection& db, const EditRequest& request, const StateEdit& edit) {
    Transaction transaction(db);
    if (!transaction.status().ok()) return edit_failure(transaction.status());
    SettingsState before;
    Edited edited;
    // First restore rows that a failing card has changed: an edit of other fields must not record them as the owner's.
    bool mended = false;
    SqlStatus done = mend_settings(db, mended);
    if (done.ok()) done = read_state(db, before);
    if (done.ok()) done = read_settings_inside(db, Settings{}, edited.before);
    if (!done.ok()) return edit_failure(done);
    SettingsState target = before;
    if (auto failure = edit(target)) return *failure;
    edited.rows = difference(before, target);
    if (auto failure = check_changes(edited.rows, before, target)) return *failure;

    if (auto failure = check_seen(db, edited.rows, request)) return *failure;

    done = begin_edit(db, request.who);
    if (done.ok()) done = write_rows(db, edited.rows);
    if (done.ok()) done = end_edit(db);
    SettingsState written;
    if (done.ok()) done = read_state(db, written);
    if (done.ok()) done = read_settings_inside(db, Settings{}, edited.after);
    if (!done.ok()) return edit_failure(done);
    if (auto complaints = new_complaints(edited.before, edited.after); !complaints.empty()) return refused(std::move(complaints));
    if (auto failure = check_guard(edited.before, edited.after, request)) return *failure;
    edited.rows = difference(before, written);
    edited.revision = edited.after.revision;
    edited.newest = db.number("SELECT max(id) FROM settings_history").value_or(0);
    if (!edited.rows.empty()) edited.change = newest_change(db);
    if (request.dry_run || (edited.rows.empty() && !mended)) return edited;
    if (done = transaction.commit(); !done.ok()) return edit_failure(done);
    edited.written = !edited.rows.empty();
    return edited;
}

}  // namespace volt
