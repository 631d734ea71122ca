// Undoes one change, and describes changes in sentences. Declared in log.hpp.
#include <algorithm>

#include "drivers/store/settings/log.hpp"
#include "drivers/store/settings/write.hpp"

namespace volt {

namespace {

constexpr std::size_t most_fields_named = 6;

/// Effect of one change on one row, from before its first entry to after its last.
struct UndoneRow {
    SettingsTable table;
    std::string id;
    std::optional<Record> before, after;
    std::int64_t entry = 0;             ///< the last entry
    std::vector<std::int64_t> newer{};  ///< by field: its newest later change, or 0 if none
    std::int64_t remade = 0;            ///< newest later change that added or removed the row, or 0 if none
};

std::string row_name(const Record& row) {
    return row.table == SettingsTable::preferences ? std::string() : " of " + std::string(noun_of(row.table)) + " " + row.slug();
}

std::string by_change(std::int64_t newer) { return newer == 0 ? "" : ", by change " + std::to_string(newer); }

EditProblem moved_field(const Record& present, const SettingsField& field, const FieldValue& given, std::int64_t newer) {
    EditProblem problem{field.name, present.text(field.name), shown(field, given), "", ""};
    problem.text =
        std::string(field.name) + row_name(present) + " changed since" + by_change(newer) + ": it is " + problem.value + " now";
    if (problem.value != problem.need) problem.text += "; the change set it to " + problem.need;
    return problem;
}

EditProblem moved_row(const Record& row, const char* what, std::int64_t newer) {
    EditProblem problem{name_column(row.table), row.name(), "", "", ""};
    problem.text = std::string(noun_of(row.table)) + " " + row.slug() + " " + what + " since" + by_change(newer);
    return problem;
}

/// Returns true if undo restores this column: not one that the program sets itself, except the slug.
bool is_undone(const SettingsField& field) { return !field.fixed || std::string_view(field.name) == "slug"; }

/// Restores fields. A value that a later change set belongs to that change, equal or not.
void put_back_fields(const UndoneRow& row, Record& present, std::vector<EditProblem>& moved) {
    const std::vector<SettingsField>& fields = fields_of(row.table);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!is_undone(fields[i]) || row.before->values[i] == row.after->values[i]) continue;
        if (present.values[i] == row.before->values[i]) continue;
        if (present.values[i] == row.after->values[i] && row.newer[i] == 0) present.values[i] = row.before->values[i];
        else moved.push_back(moved_field(present, fields[i], row.after->values[i], row.newer[i]));
    }
}

/// Returns the newest later change of any field that undo restores, or 0 if none.
std::int64_t newest_of(const UndoneRow& row) {
    const std::vector<SettingsField>& fields = fields_of(row.table);
    std::int64_t newest = 0;
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (is_undone(fields[i])) newest = std::max(newest, row.newer[i]);
    return newest;
}

void put_back_row(const UndoneRow& row, SettingsState& state, std::vector<EditProblem>& moved) {
    std::vector<Record>& rows = state.rows(row.table);
    const auto present = std::find_if(rows.begin(), rows.end(), [&](const Record& it) { return it.id() == row.id; });
    if (!row.before) {
        if (present == rows.end()) return;
        if (row.remade != 0) moved.push_back(moved_row(*present, "was added again", row.remade));
        else if (const std::int64_t newest = newest_of(row)) moved.push_back(moved_row(*present, "was edited", newest));
        rows.erase(present);
    } else if (!row.after) {
        if (present != rows.end()) moved.push_back(moved_row(*present, "was added again", row.remade));
        else if (row.remade != 0) moved.push_back(moved_row(*row.before, "was removed again", row.remade));
        else rows.push_back(*row.before);
    } else if (present == rows.end()) {
        moved.push_back(moved_row(*row.after, "was removed", row.remade));
    } else {
        put_back_fields(row, *present, moved);
    }
}

/// Reads the effect of later changes on a row.
SqlStatus read_newer(Connection& db, UndoneRow& row) {
    row.newer.assign(fields_of(row.table).size(), 0);
    Statement later = db.prepare(
        "SELECT before, after, change FROM settings_history WHERE table_name = ?1 AND row_id = ?2 AND id > ?3 AND who <> "
        "'repair' ORDER BY id");
    later.bind(1, std::string_view(sql_name(row.table))).bind(2, std::string_view(row.id)).bind(3, row.entry);
    while (later.row()) {
        if (later.is_null(0) || later.is_null(1)) {
            row.remade = later.integer(2);
            continue;
        }
        Record before = make_record(row.table), after = before;
        SqlStatus done = read_logged_row(db, later.text(0), before);
        if (done.ok()) done = read_logged_row(db, later.text(1), after);
        if (!done.ok()) return done;
        for (std::size_t i = 0; i < row.newer.size(); ++i)
            if (before.values[i] != after.values[i]) row.newer[i] = later.integer(2);
    }
    return later.status();
}

/// Returns the rows of a change, each once.
SqlStatus rows_of_change(Connection& db, std::int64_t change, std::vector<UndoneRow>& rows) {
    Statement row = db.prepare(
        "SELECT table_name, row_id, before, after, id FROM settings_history WHERE change = (SELECT change FROM settings_history "
        "WHERE id = ?1) AND who <> 'repair' ORDER BY id");
    row.bind(1, change);
    while (row.row()) {
        const auto table = settings_table_named(row.text(0));
        if (!table) continue;
        std::optional<Record> before, after;
        SqlStatus done;
        if (!row.is_null(2)) done = read_logged_row(db, row.text(2), before.emplace(make_record(*table)));
        if (done.ok() && !row.is_null(3)) done = read_logged_row(db, row.text(3), after.emplace(make_record(*table)));
        if (!done.ok()) return done;
        const std::string id = row.text(1);
        const auto known =
            std::find_if(rows.begin(), rows.end(), [&](const UndoneRow& it) { return it.table == *table && it.id == id; });
        if (known == rows.end()) {
            rows.push_back({*table, id, std::move(before), std::move(after), row.integer(4)});
        } else {
            known->after = std::move(after);
            known->entry = row.integer(4);
        }
    }
    SqlStatus done = row.status();
    for (UndoneRow& it : rows)
        if (done.ok()) done = read_newer(db, it);
    return done;
}

std::string author_of(const std::string& who) {
    const std::string program = "voltctl ";
    if (who == "sql") return "an edit of the database file";
    return who.starts_with(program) ? who.substr(program.size()) : who;
}

/// Adds words for events, which many people may read, so without the site's location. `voltage_low 47.0 -> 47.2`, `stop_voltage
/// of miner x 47.0 -> 46.5`, `miner x added`.
void add_words(const LoggedChange& change, std::vector<std::string>& words) {
    const std::string name = std::string(noun_of(change.table)) + " " + change.row;
    if (change.kind != LoggedChange::Kind::changed) {
        words.push_back(name + (change.kind == LoggedChange::Kind::added ? " added" : " removed"));
        return;
    }
    const std::string of = change.table == SettingsTable::preferences ? "" : " of " + name;
    const auto word = [](const std::string& value) { return value.empty() ? std::string("null") : value; };
    for (const LoggedField& field : change.fields) {
        const bool place = field.field == "latitude" || field.field == "longitude";
        const std::string values = place ? "changed" : word(field.before) + " -> " + word(field.after);
        if (field.field != "slug") words.push_back(field.field + of + " " + values);
    }
}

std::string sentence_of(std::int64_t number, const std::string& who, const std::vector<std::string>& words) {
    std::string text = "change " + std::to_string(number) + " by " + author_of(who) + ": ";
    for (std::size_t i = 0; i < words.size() && i < most_fields_named; ++i) text += (i > 0 ? ", " : "") + words[i];
    if (words.size() > most_fields_named) text += " and " + std::to_string(words.size() - most_fields_named) + " more";
    return text;
}

}  // namespace

Edit<Edited> undo_change(Connection& db, std::int64_t change, const EditRequest& request) {
    return write_state(db, request, [&](SettingsState& state) -> std::optional<EditFailure> {
        std::vector<UndoneRow> rows;
        if (const SqlStatus done = rows_of_change(db, change, rows); !done.ok()) return edit_failure(done);
        if (rows.empty())
            return EditFailure{EditFault::not_found,
                               "no change " + std::to_string(change) + "; the last one is " + std::to_string(newest_change(db)),
                               {},
                               {}};
        std::vector<EditProblem> moved;
        for (const UndoneRow& row : rows) put_back_row(row, state, moved);
        if (moved.empty() && state.preferences.empty())
            return EditFailure{EditFault::refused,
                               "change " + std::to_string(change) + " added the preferences, which cannot be removed",
                               {},
                               {}};
        if (moved.empty()) return std::nullopt;
        EditFailure failure = refused(std::move(moved));
        failure.fault = EditFault::moved;
        return failure;
    });
}

std::int64_t newest_change(Connection& db) {
    return db.number("SELECT change FROM settings_history ORDER BY id DESC LIMIT 1").value_or(0);
}

Edit<std::vector<SettingsChange>> sentences_of_changes(Connection& db, std::int64_t after, int most) {
    Edit<std::vector<LoggedChange>> log = settings_log(db, {std::nullopt, "", most_logged_at_once});
    if (!log) return log.failure();
    std::vector<SettingsChange> sentences;
    std::vector<std::string> words;
    const std::vector<LoggedChange>& rows = log.value();
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        if (row->change <= after) continue;
        add_words(*row, words);
        if (row + 1 != rows.rend() && (row + 1)->change == row->change) continue;
        sentences.push_back({row->change, sentence_of(row->change, row->who, words)});
        words.clear();
    }
    const auto keep = static_cast<std::size_t>(most);
    if (sentences.size() > keep) sentences.erase(sentences.begin(), sentences.end() - static_cast<std::ptrdiff_t>(keep));
    return sentences;
}

}  // namespace volt
