#include "drivers/store/settings/log.hpp"

#include <algorithm>
#include <charconv>

#include "drivers/store/settings/slug.hpp"
#include "drivers/store/settings/write.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

void compare(const std::optional<Record>& before, const std::optional<Record>& after, LoggedChange& change) {
    const std::vector<SettingsField>& fields = fields_of(change.table);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const FieldValue nothing;
        const FieldValue& old = before ? before->values[i] : nothing;
        const FieldValue& now = after ? after->values[i] : nothing;
        if (old == now) continue;
        change.fields.push_back({fields[i].name, before ? shown(fields[i], old) : "", after ? shown(fields[i], now) : ""});
    }
}

SqlStatus read_change(Connection& db, const Statement& row, LoggedChange& change) {
    std::optional<Record> before, after;
    SqlStatus done;
    if (!row.is_null(5)) done = read_logged_row(db, row.text(5), before.emplace(make_record(change.table)));
    if (done.ok() && !row.is_null(6)) done = read_logged_row(db, row.text(6), after.emplace(make_record(change.table)));
    change.id = row.integer(0);
    change.change = row.integer(7);
    change.at = row.text(1);
    change.who = row.text(2);
    change.row_id = row.text(4);
    change.kind = !before ? LoggedChange::Kind::added : after ? LoggedChange::Kind::changed : LoggedChange::Kind::removed;
    if (before || after) change.row = (after ? *after : *before).slug();
    compare(before, after, change);
    return done;
}

/// Replaces each row of a query (table, id, JSON or NULL) in the state.
SqlStatus put_rows(Connection& db, Statement& row, SettingsState& state) {
    while (row.row()) {
        const auto table = settings_table_named(row.text(0));
        if (!table) continue;
        std::vector<Record>& rows = state.rows(*table);
        const auto present = std::find_if(rows.begin(), rows.end(), [&](const Record& it) { return it.id() == row.text(1); });
        if (row.is_null(2)) {
            if (present != rows.end()) rows.erase(present);
            continue;
        }
        Record kept = present != rows.end() ? *present : make_record(*table);
        if (SqlStatus done = read_logged_row(db, row.text(2), kept); !done.ok()) return done;
        if (present != rows.end()) *present = std::move(kept);
        else rows.push_back(std::move(kept));
    }
    return row.status();
}

/// Restores the rows after change `moment`, from the values that the first later change of each found. A repair is not a person's
/// change, and it found damage.
SqlStatus rewind(Connection& db, std::int64_t moment, SettingsState& state) {
    Statement row = db.prepare(
        "SELECT table_name, row_id, before FROM settings_history WHERE id IN (SELECT min(id) FROM settings_history "
        "WHERE change > ?1 AND who <> 'repair' GROUP BY table_name, row_id) ORDER BY id");
    row.bind(1, moment);
    return put_rows(db, row, state);
}

EditFailure no_moment(const std::string& text, const std::string& why) { return {EditFault::refused, text + ": " + why, {}, {}}; }

/// Parses `90m` in seconds. Empty if it is not a span.
std::optional<std::int64_t> span_seconds(const std::string& text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 0 || count > 1000000 || end + 1 != text.data() + text.size()) return std::nullopt;
    switch (*end) {
        case 's': return count;
        case 'm': return count * 60;
        case 'h': return count * 3600;
        case 'd': return count * 86400;
        default: return std::nullopt;
    }
}

}  // namespace

std::optional<SettingsTable> settings_table_named(const std::string& sql) {
    for (const SettingsTable table : settings_tables)
        if (sql == sql_name(table)) return table;
    return std::nullopt;
}

SqlStatus read_logged_row(Connection& db, const std::string& json, Record& present) {
    Statement values = db.prepare("SELECT value, key FROM json_each(?1)");
    values.bind(1, json);
    while (values.row()) {
        const int index = field_index(present.table, values.text(1));
        if (index < 0) continue;
        const auto at = static_cast<std::size_t>(index);
        present.values[at] = read_value(db, values, 0, fields_of(present.table)[at]);
    }
    return values.status();
}

SqlStatus replay_history(Connection& db, SettingsState& state) {
    Statement row = db.prepare(
        "SELECT table_name, row_id, after FROM settings_history WHERE id IN (SELECT max(id) FROM settings_history "
        "GROUP BY table_name, row_id) ORDER BY id");
    if (SqlStatus done = put_rows(db, row, state); !done.ok()) return done;
    // Until it is trimmed the history has every row: a row without an entry has no known origin.
    if (db.number("SELECT min(id) FROM settings_history") != 1) return {};
    Statement seen = db.prepare("SELECT 1 FROM settings_history WHERE table_name = ?1 AND row_id = ?2");
    for (const SettingsTable table : settings_tables)
        std::erase_if(state.rows(table), [&](const Record& it) {
            seen.reset();
            return !seen.bind(1, std::string_view(sql_name(table))).bind(2, it.id()).row() && seen.status().ok();
        });
    return seen.status();
}

Edit<std::vector<LoggedChange>> settings_log(Connection& db, const LogFilter& filter) {
    Statement row = db.prepare(
        "SELECT id, at, who, table_name, row_id, before, after, change FROM settings_history WHERE (?1 IS NULL OR table_name = "
        "?1) AND (?2 = '' OR row_id = ?2 OR coalesce(json_extract(after, '$.slug'), '') = ?3 OR "
        "coalesce(json_extract(before, '$.slug'), '') = ?3 OR row_id IN (SELECT row_id FROM settings_history WHERE ?3 <> '' "
        "AND (json_extract(after, '$.slug') = ?3 OR json_extract(before, '$.slug') = ?3))) ORDER BY id DESC LIMIT ?4");
    if (filter.table) row.bind(1, std::string_view(sql_name(*filter.table)));
    else row.bind_null(1);
    row.bind(2, std::string_view(filter.row)).bind(3, std::string_view(make_slug(filter.row)));
    // One more shows that there are more.
    row.bind(4, std::int64_t{std::clamp(filter.limit, 0, most_logged + 1)});
    std::vector<LoggedChange> changes;
    while (row.row()) {
        const auto table = settings_table_named(row.text(3));
        if (!table) continue;
        LoggedChange change;
        change.table = *table;
        if (SqlStatus done = read_change(db, row, change); !done.ok()) return edit_failure(done);
        changes.push_back(std::move(change));
    }
    if (!row.status().ok()) return edit_failure(row.status());
    return changes;
}

Edit<std::int64_t> find_moment(Connection& db, const std::string& text) {
    const std::int64_t last = db.number("SELECT coalesce(max(id), 0) FROM settings_history").value_or(0);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) {
        if (number >= 0 && number <= last) return number;
        return no_moment(text, "no such change; the last one is " + std::to_string(last));
    }
    Statement at = db.prepare(
        "SELECT CASE WHEN ?2 IS NULL THEN strftime('%Y-%m-%dT%H:%M:%fZ', ?1) ELSE strftime('%Y-%m-%dT%H:%M:%fZ', 'now', "
        "'-' || ?2 || ' seconds') END");
    const auto span = span_seconds(text);
    at.bind(1, std::string_view(text)).bind(2, span);
    const bool dated = text.size() >= 10 && text[4] == '-';
    if (!at.row() || at.is_null(0) || (!span && !dated))
        return no_moment(text, "expected a change number, a time like 2025-06-21T12:00:00Z, or a span like 2h");
    const std::string moment = at.text(0);
    Statement change = db.prepare("SELECT coalesce(max(change), 0) FROM settings_history WHERE at <= ?1");
    change.bind(1, std::string_view(moment));
    if (!change.row()) return edit_failure(change.status());
    if (change.integer(0) == 0) return no_moment(text, "the settings history does not go back that far");
    return change.integer(0);
}

Edit<SettingsState> settings_after(Connection& db, std::int64_t moment) {
    Edit<SettingsState> state = read_records(db);
    if (!state) return state;
    if (const SqlStatus done = rewind(db, moment, state.value()); !done.ok()) return edit_failure(done);
    return state;
}

Edit<std::vector<SettingsMoment>> settings_moments(Connection& db, Utc from, Utc to, int most) {
    // Changes of one second count as one: a new database has several. The first known ones represent all earlier times.
    Statement rows = db.prepare(
        "SELECT max(change), unixepoch(at) AS from_s FROM settings_history WHERE who <> 'repair' AND from_s < ?2 GROUP BY from_s "
        "HAVING from_s > ?1 OR from_s = coalesce((SELECT max(unixepoch(at)) FROM settings_history WHERE who <> 'repair' AND "
        "unixepoch(at) <= ?1), (SELECT min(unixepoch(at)) FROM settings_history)) ORDER BY from_s LIMIT ?3");
    rows.bind(1, from.count() / 1000).bind(2, to.count() / 1000).bind(3, std::int64_t{most} + 1);
    std::vector<SettingsMoment> moments;
    while (rows.row()) moments.push_back({rows.integer(0), rows.integer(1)});
    if (!rows.status().ok()) return edit_failure(rows.status());
    return moments;
}

Edit<Edited> restore_settings(Connection& db, std::int64_t moment, const EditRequest& request) {
    return write_state(db, request, [&](SettingsState& state) -> std::optional<EditFailure> {
        // A site that a person switched off remains off, as with a reset: only `mode` switches it on again.
        const auto before = state.preferences.empty() ? std::nullopt : std::optional(state.preferences.front());
        if (const SqlStatus done = rewind(db, moment, state); !done.ok()) return edit_failure(done);
        const auto mode = static_cast<std::size_t>(field_index(SettingsTable::preferences, "operating_mode"));
        if (before && before->text("operating_mode") == name_of(SiteMode::off) && !state.preferences.empty())
            state.preferences.front().values[mode] = before->values[mode];
        if (!state.preferences.empty()) return std::nullopt;
        return no_moment("change " + std::to_string(moment), "there were no preferences yet");
    });
}

}  // namespace volt
