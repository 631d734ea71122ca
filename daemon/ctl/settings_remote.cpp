#include "daemon/ctl/settings_remote.hpp"

#include <functional>
#include <iostream>

#include "daemon/ctl/asking.hpp"
#include "daemon/ctl/control_ask.hpp"
#include "daemon/ctl/settings_view.hpp"
#include "daemon/ctl/terminal.hpp"
#include "daemon/settings/settings_json.hpp"

namespace volt::ctl::remote {

namespace {

using Send = std::function<ApiReply(const std::string& query)>;

std::string path_of(SettingsTable table) {
    switch (table) {
        case SettingsTable::preferences: return "/api/preferences";
        case SettingsTable::miners: return "/api/miners";
        case SettingsTable::zones: return "/api/hvac/zones";
    }
    return {};
}

std::string path_of(SettingsTable table, const std::string& key) {
    return table == SettingsTable::preferences ? path_of(table) : path_of(table) + "/" + encoded_segment(key);
}

std::string body_of(SettingsTable table, const std::vector<Assignment>& fields) {
    Json body = Json::object();
    for (const Assignment& it : fields) body[it.field] = json::given(it, table);
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::size_t width_here() {
    return on_terminal() ? screen_of_output().width : 0;
}

/// The answer as JSON of the wanted kind; complains where it is none.
std::optional<Json> read(const ApiAddress& at, const ApiReply& reply, const std::string& key, bool list, int& code) {
    code = reply.ok() ? exit_ok : complain(at, reply, key);
    if (!reply.ok()) return std::nullopt;
    Json object = Json::parse(reply.body, nullptr, false);
    if (list ? object.is_array() : object.is_object()) return object;
    code = refuse(at.json, "the answer of " + at.url + " is no list of settings: is it voltd?");
    return std::nullopt;
}

std::vector<Record> records_of(SettingsTable table, const Json& list) {
    std::vector<Record> rows;
    for (const Json& it : list) rows.push_back(json::record_of(table, it));
    return rows;
}

/// What voltd says of the change and its configuration.
Json warnings_in(const Json& answer) {
    const Json& found = part(answer, "warnings");
    return found.is_array() ? found : Json::array();
}

void print_warnings(const Json& warnings) {
    for (const Json& it : warnings)
        if (it.is_string()) std::cerr << "warning: " << it.get<std::string>() << '\n';
}

int report(const Program& program, const RowChange& change, const Json& warnings) {
    Edited edited;
    if (change.before != change.after) edited.rows.push_back(change);
    if (program.json) {
        Json object{{"written", !edited.rows.empty()}, {"changes", Json::array()}};
        for (const RowChange& it : edited.rows) object["changes"].push_back(json::change(it));
        object["warnings"] = warnings;
        print(object);
        return exit_ok;
    }
    print(change_lines(edited, paint_for_output()));
    print_warnings(warnings);
    std::cout << (edited.rows.empty() ? "nothing to change" : "saved, by the voltd at " + *program.address.url) << '\n';
    return exit_ok;
}

int report_would(const Program& program, const Json& answer) {
    program.json ? print(answer) : print(would_lines(answer));
    if (!program.json) print_warnings(warnings_in(answer));
    if (!program.json) std::cout << "dry run: nothing was changed\n";
    return exit_ok;
}

/// Sends a change of one row and shows what became of it; `before` is nothing where the row is new.
int change(const Program& program, const ApiAddress& at, const SettingsAsk& ask, std::optional<Record> before, const Send& send) {
    const std::string dry = ask.dry_run ? "?dry_run=1" : "", end = ask.dry_run ? "&end_guard=1" : "?end_guard=1";
    ApiReply reply = send(ask.end_guard ? dry + end : dry);
    if (reply.status == 409 && word(Json::parse(reply.body, nullptr, false), "need") == "?end_guard=1" && confirmed(reply.error + "\n" + end_guard_question))
        reply = send(dry + end);
    int code = exit_ok;
    const bool gone = reply.ok() && reply.body.empty();
    const auto answer = gone ? Json::object() : read(at, reply, ask.key, false, code);
    if (!answer) return code;
    if (ask.dry_run) return report_would(program, *answer);
    std::optional<Record> after;
    if (!gone) after = json::record_of(ask.table, *answer);
    return report(program, {ask.table, std::move(before), std::move(after)}, warnings_in(*answer));
}

/// The row first, as it was; then the change.
int change_known(const Program& program, const SettingsAsk& ask, const std::function<ApiReply(const ApiAddress&, const std::string&)>& send) {
    return with_address(program, [&](const ApiAddress& at) {
        const std::string path = path_of(ask.table, ask.key);
        int code = exit_ok;
        const auto before = read(at, get(at, path), ask.key, false, code);
        if (!before) return code;
        return change(program, at, ask, json::record_of(ask.table, *before), [&](const std::string& query) { return send(at, query); });
    });
}

}  // namespace

int list_settings(const Program& program, const SettingsAsk& ask) {
    return with_address(program, [&](const ApiAddress& at) {
        int code = exit_ok;
        const auto rows = read(at, get(at, path_of(ask.table)), {}, true, code);
        if (!rows) return code;
        if (program.json) {
            print(*rows);
            return exit_ok;
        }
        const auto zones = read(at, get(at, path_of(SettingsTable::zones)), {}, true, code);
        if (!zones) return code;
        print(list_lines(records_of(ask.table, *rows), records_of(SettingsTable::zones, *zones), width_here(), paint_for_output()));
        return exit_ok;
    });
}

int show_settings(const Program& program, const SettingsAsk& ask) {
    return with_address(program, [&](const ApiAddress& at) {
        int code = exit_ok;
        const auto row = read(at, get(at, path_of(ask.table, ask.key)), ask.key, false, code);
        if (row && program.json) print(*row);
        if (row && !program.json) print(record_lines(json::record_of(ask.table, *row), width_here(), paint_for_output()));
        return code;
    });
}

int set_settings(const Program& program, const SettingsAsk& ask, const std::vector<Assignment>& fields) {
    return change_known(program, ask, [&](const ApiAddress& at, const std::string& query) {
        return put(at, path_of(ask.table, ask.key) + query, body_of(ask.table, fields));
    });
}

int add_settings(const Program& program, const SettingsAsk& ask, const std::vector<Assignment>& fields) {
    return with_address(program, [&](const ApiAddress& at) {
        return change(program, at, ask, std::nullopt, [&](const std::string& query) {
            return post(at, path_of(ask.table) + query, body_of(ask.table, fields));
        });
    });
}

int remove_settings(const Program& program, const SettingsAsk& ask) {
    return change_known(program, ask, [&](const ApiAddress& at, const std::string& query) {
        return remove(at, path_of(ask.table, ask.key) + query);
    });
}

int reset_settings(const Program& program, const SettingsAsk& ask) {
    return change_known(program, ask, [&](const ApiAddress& at, const std::string& query) {
        const Json body = ask.values.empty() ? Json::object() : Json{{"fields", ask.values}};
        return post(at, path_of(ask.table) + "/reset" + query, body.dump());
    });
}

}  // namespace volt::ctl::remote
