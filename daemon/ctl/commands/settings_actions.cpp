#include "daemon/ctl/commands/settings_actions.hpp"

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <iostream>

#include "daemon/config/check.hpp"
#include "daemon/config/config.hpp"
#include "daemon/ctl/commands/settings_remote.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/settings_view.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "daemon/settings/settings_json.hpp"
#include "daemon/settings/settings_text.hpp"
#include "drivers/store/settings/open.hpp"
#include "drivers/zone_name.hpp"

namespace volt::ctl {

namespace {

using Work = std::function<int(Connection&)>;
using Act = std::function<Edit<Edited>(Connection&, const EditRequest&)>;

int fail(const Program& program, const EditFailure& failure) {
    if (program.json) print(json::failure(failure));
    else
        for (const std::string& line : failure_lines(failure)) std::cerr << "voltctl: " << line << '\n';
    return exit_failed;
}

/// Whether that other voltd's API shall do it. Never the database of this machine then.
bool elsewhere(const Program& program) { return program.address.url.has_value(); }

int with_database(const Program& program, const SettingsAsk& ask, bool to_write, const Work& work) {
    const auto path = find_database(ask.database, program.address);
    if (!path) return exit_failed;
    Edit<Connection> db = open_settings(*path, to_write);
    return db ? work(db.value()) : fail(program, db.failure());
}

/// What the new settings and the configuration say of each other that the old ones did not. No configuration, no word.
std::vector<std::string> new_warnings(const Program& program, const Edited& edited) {
    const std::string path = program.address.config.value_or(default_config);
    if (::access(path.c_str(), R_OK) != 0) return {};
    const ParsedConfig parsed = load_config(path);
    if (!parsed.config) return {};
    return new_findings(parsed, edited.before, edited.after);
}

int report(const Program& program, const Edited& edited, bool dry_run) {
    json::Object head{{"written", edited.written}, {"revision", edited.revision}};
    head["change"] = edited.written ? json::Object(edited.change) : json::Object(nullptr);
    const std::string number = std::to_string(edited.change);
    report_change(
        program, edited, std::move(head), new_warnings(program, edited),
        dry_run ? "dry run: nothing was changed" : "saved as change " + number + "; undo: voltctl settings undo " + number);
    return exit_ok;
}

int edit(const Program& program, const SettingsAsk& ask, const Act& act) {
    return with_database(program, ask, true, [&](Connection& db) {
        EditRequest request{"voltctl " + operator_name(), ask.dry_run, {}, ask.end_guard};
        Edit<Edited> edited = act(db, request);
        if (!edited && ends_guard(edited.failure())) {
            if (!confirmed(edited.failure().text + "\n" + end_guard_question))
                return program.json ? fail(program, edited.failure())
                                    : refuse(false, Refusal{edited.failure().text, "in scripts, use --end-guard"});
            request.end_guard = true;
            edited = act(db, request);
        }
        return edited ? report(program, edited.value(), ask.dry_run) : fail(program, edited.failure());
    });
}

/// A word that is no KEY=VALUE: usage, not a refused value. 0: there is none.
int refuse_words(const Program& program, const SettingsAsk& ask) {
    for (std::size_t i = 0; i < ask.values.size(); ++i) {
        const std::string& text = ask.values[i];
        if (text.find('=') != std::string::npos && !text.starts_with('=')) continue;
        const std::string next = i + 1 < ask.values.size() ? ask.values[i + 1] : "";
        const std::string meant = next.empty() || next.find('=') != std::string::npos ? "KEY=VALUE" : text + "=" + next;
        return refuse(program.json, text + ": write " + meant, exit_usage);
    }
    return exit_ok;
}

Edit<std::vector<Assignment>> assignments_of(const SettingsAsk& ask) {
    std::vector<Assignment> list;
    for (const std::string& text : ask.values) {
        Edit<Assignment> one = assignment_of(ask.table, text);
        if (!one) return one.failure();
        const bool doubled =
            std::any_of(list.begin(), list.end(), [&](const Assignment& it) { return it.field == one.value().field; });
        if (doubled) return EditFailure{EditFault::refused, one.value().field + " is given twice", {}, {}};
        list.push_back(std::move(one.value()));
    }
    return list;
}

}  // namespace

void report_change(const Program& program, const Edited& edited, Json head, const std::vector<std::string>& warnings,
                   const std::string& done) {
    if (program.json) {
        head["changes"] = Json::array();
        for (const RowChange& it : edited.rows) head["changes"].push_back(json::change(it));
        head["warnings"] = warnings;
        return print(head);
    }
    print(change_lines(edited, paint_for_output()));
    for (const std::string& it : warnings) std::cerr << "warning: " << it << '\n';
    std::cout << (edited.rows.empty() ? "nothing to change" : done) << '\n';
}

std::optional<std::string> stored_setting(const Program& program, const SettingsAsk& ask, const char* field) {
    std::optional<std::string> text;
    with_database(program, ask, false, [&](Connection& db) {
        const Edit<Record> record = find_record(db, SettingsTable::preferences, {});
        if (!record) return fail(program, record.failure());
        text = record.value().text(field);
        return exit_ok;
    });
    return text;
}

int list_settings(const Program& program, const SettingsAsk& ask) {
    if (elsewhere(program)) return remote::list_settings(program, ask);
    return with_database(program, ask, false, [&](Connection& db) {
        const Edit<SettingsState> state = read_records(db);
        if (!state) return fail(program, state.failure());
        const std::vector<Record>& rows = state.value().rows(ask.table);
        if (program.json) print(json::records(rows));
        else print(list_lines(rows, state.value().zones, table_width(), paint_for_output()));
        return exit_ok;
    });
}

int show_settings(const Program& program, const SettingsAsk& ask) {
    if (elsewhere(program)) return remote::show_settings(program, ask);
    return with_database(program, ask, false, [&](Connection& db) {
        const Edit<Record> record = find_record(db, ask.table, ask.key);
        if (!record) return fail(program, record.failure());
        if (program.json) print(json::record(record.value()));
        else print(record_lines(record.value(), table_width(), paint_for_output()));
        // Written past us; nothing else on this page would show it.
        if (ask.table == SettingsTable::preferences && !is_zone_name(record.value().text("timezone")))
            std::cerr << "warning: timezone: this machine does not know that zone; use one of " << zone_directory << '\n';
        return exit_ok;
    });
}

int help_settings(const Program& program, const SettingsAsk& ask) {
    const Paint paint = paint_for_output();
    if (ask.key.empty()) {
        print(meaning_lines(ask.table, table_width(), paint));
        return exit_ok;
    }
    std::vector<std::string> known;
    for (const SettingsField& field : fields_of(ask.table)) {
        if (field.name == ask.key) return print(field_lines(ask.table, field, paint)), exit_ok;
        known.emplace_back(field.name);
    }
    return refuse(program.json, ask.key + ": no such field" + did_you_mean(ask.key, known));
}

int set_settings(const Program& program, const SettingsAsk& ask) {
    if (const int code = refuse_words(program, ask); code != exit_ok) return code;
    const Edit<std::vector<Assignment>> fields = assignments_of(ask);
    if (!fields) return fail(program, fields.failure());
    if (elsewhere(program)) return remote::set_settings(program, ask, fields.value());
    return edit(program, ask, [&](Connection& db, const EditRequest& request) {
        return change_record(db, ask.table, ask.key, fields.value(), request);
    });
}

int add_settings(const Program& program, const SettingsAsk& ask) {
    if (const int code = refuse_words(program, ask); code != exit_ok) return code;
    const Edit<std::vector<Assignment>> fields = assignments_of(ask);
    if (!fields) return fail(program, fields.failure());
    if (elsewhere(program)) return remote::add_settings(program, ask, fields.value());
    return edit(program, ask,
                [&](Connection& db, const EditRequest& request) { return add_record(db, ask.table, fields.value(), request); });
}

int remove_settings(const Program& program, const SettingsAsk& ask) {
    if (elsewhere(program)) return remote::remove_settings(program, ask);
    return edit(program, ask,
                [&](Connection& db, const EditRequest& request) { return remove_record(db, ask.table, ask.key, request); });
}

int reset_settings(const Program& program, const SettingsAsk& ask) {
    constexpr const char* question =
        "This resets every preference to its default: thresholds, battery curve, limits, time zone. Continue?";
    if (ask.values.empty() && !ask.dry_run && !ask.yes && !confirmed(question))
        return refuse(program.json, Refusal{"nothing was changed: not confirmed", "name the preferences to reset, or use --yes"});
    if (elsewhere(program)) return remote::reset_settings(program, ask);
    return edit(program, ask,
                [&](Connection& db, const EditRequest& request) { return reset_preferences(db, ask.values, request); });
}

int show_settings_history(const Program& program, const SettingsAsk& ask) {
    LogFilter filter{std::nullopt, ask.of_row, ask.limit};
    if (ask.of_table == "prefs") filter.table = SettingsTable::preferences;
    if (ask.of_table == "miners") filter.table = SettingsTable::miners;
    if (ask.of_table == "zones") filter.table = SettingsTable::zones;
    return with_database(program, ask, false, [&](Connection& db) {
        const Edit<std::vector<LoggedChange>> changes = settings_log(db, filter);
        if (!changes) return fail(program, changes.failure());
        use_zone(db.text("SELECT timezone FROM user_preferences LIMIT 1").value_or(""));
        if (program.json) {
            json::Object list = json::Object::array();
            for (const LoggedChange& it : changes.value()) list.push_back(json::log_entry(it));
            print(list);
        } else {
            print(log_lines(changes.value(), paint_for_output()));
        }
        return exit_ok;
    });
}

int undo_settings_change(const Program& program, const SettingsAsk& ask) {
    if (elsewhere(program)) return remote::undo_settings_change(program, ask);
    return edit(program, ask, [&](Connection& db, const EditRequest& request) -> Edit<Edited> {
        return undo_change(db, ask.change == 0 ? newest_change(db) : ask.change, request);
    });
}

int restore_earlier_settings(const Program& program, const SettingsAsk& ask) {
    if (elsewhere(program)) return remote::restore_earlier_settings(program, ask);
    return edit(program, ask, [&](Connection& db, const EditRequest& request) -> Edit<Edited> {
        const Edit<std::int64_t> moment = find_moment(db, ask.key);
        if (!moment) return moment.failure();
        return restore_settings(db, moment.value(), request);
    });
}

}  // namespace volt::ctl
