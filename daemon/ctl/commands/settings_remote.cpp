#include "daemon/ctl/commands/settings_remote.hpp"

#include <charconv>
#include <functional>
#include <iostream>

#include "daemon/ctl/commands/control_ask.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/views/settings_view.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/settings/settings_json.hpp"
#include "drivers/store/settings/write.hpp"
#include "drivers/text.hpp"

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
    return json_text(body);
}

/// The answer as JSON of the wanted kind; complains where it is none.
std::optional<Json> read(const ApiAddress& at, const ApiReply& reply, const std::string& key, bool list, int& code) {
    code = reply.ok() ? exit_ok : complain(at, reply, key);
    if (!reply.ok()) return std::nullopt;
    Json object = Json::parse(reply.body, nullptr, false);
    if (list ? object.is_array() : object.is_object()) return object;
    code = refuse(at.json, "the answer of " + at.url + " is not a list of settings; is it voltd?");
    return std::nullopt;
}

std::vector<Record> records_of(SettingsTable table, const Json& list) {
    std::vector<Record> rows;
    for (const Json& it : list) rows.push_back(json::record_of(table, it));
    return rows;
}

/// What voltd says of the change and its configuration.
std::vector<std::string> warnings_in(const Json& answer) {
    std::vector<std::string> list;
    for (const Json& it : part(answer, "warnings"))
        if (it.is_string()) list.push_back(it.get<std::string>());
    return list;
}

int report(const Program& program, const Edited& edited, const Json& answer) {
    report_change(program, edited, {{"written", !edited.rows.empty()}}, warnings_in(answer),
                  "saved, by the voltd at " + *program.address.url);
    return exit_ok;
}

int report_would(const Program& program, const Json& answer) {
    program.json ? print(answer) : print(would_lines(answer));
    if (program.json) return exit_ok;
    for (const std::string& it : warnings_in(answer)) std::cerr << "warning: " << it << '\n';
    std::cout << "dry run: nothing was changed\n";
    return exit_ok;
}

/// Sends a change, and the question about the guard in between. The answer, null where there is nothing in it.
std::optional<Json> sent(const ApiAddress& at, const SettingsAsk& ask, const Send& send, int& code) {
    const std::string dry = ask.dry_run ? "?dry_run=1" : "", end = ask.dry_run ? "&end_guard=1" : "?end_guard=1";
    ApiReply reply = send(ask.end_guard ? dry + end : dry);
    if (reply.status == 409 && word(Json::parse(reply.body, nullptr, false), "need") == "?end_guard=1" &&
        confirmed(reply.error + "\n" + end_guard_question))
        reply = send(dry + end);
    if (reply.ok() && reply.body.empty()) return Json();
    return read(at, reply, ask.key, false, code);
}

/// Sends a change of one row and shows what became of it; `before` is nothing where the row is new.
int change(const Program& program, const ApiAddress& at, const SettingsAsk& ask, std::optional<Record> before, const Send& send) {
    int code = exit_ok;
    const auto answer = sent(at, ask, send, code);
    if (!answer) return code;
    if (ask.dry_run) return report_would(program, *answer);
    Edited edited;
    std::optional<Record> after;
    if (!answer->is_null()) after = json::record_of(ask.table, *answer);
    if (before != after) edited.rows.push_back({ask.table, std::move(before), std::move(after)});
    return report(program, edited, *answer);
}

/// One of the `changes` of an answer, of whose rows only what is not the same is told.
std::optional<RowChange> change_in(const Json& told) {
    const auto table = settings_table_named(word(told, "table"));
    if (!table) return std::nullopt;
    const auto side = [&](const char* which, const char* none) -> std::optional<Record> {
        if (word(told, "what") == none) return std::nullopt;
        Json row{{"id", word(told, "id")}, {"slug", word(told, "row")}};
        for (const auto& [field, values] : part(told, "fields").items()) row[field] = part(values, which);
        return json::record_of(*table, row);
    };
    return RowChange{*table, side("before", "added"), side("after", "removed")};
}

/// `{"to":C}` or `{"undo":C}`.
int put_back(const Program& program, const ApiAddress& at, const SettingsAsk& ask, const Json& body) {
    int code = exit_ok;
    const auto answer = sent(
        at, ask, [&](const std::string& query) { return post(at, "/api/settings/restore" + query, body.dump()); }, code);
    if (!answer) return code;
    if (ask.dry_run) return report_would(program, *answer);
    Edited edited;
    const Json& changes = part(*answer, "changes");
    for (const Json& it : changes.is_array() ? changes : Json::array())
        if (auto change = change_in(it)) edited.rows.push_back(std::move(*change));
    return report(program, edited, *answer);
}

/// The row first, as it was; then the change.
int change_known(const Program& program, const SettingsAsk& ask,
                 const std::function<ApiReply(const ApiAddress&, const std::string&)>& send) {
    return with_address(program, [&](const ApiAddress& at) {
        const std::string path = path_of(ask.table, ask.key);
        int code = exit_ok;
        const auto before = read(at, get(at, path), ask.key, false, code);
        if (!before) return code;
        return change(program, at, ask, json::record_of(ask.table, *before),
                      [&](const std::string& query) { return send(at, query); });
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
        print(list_lines(records_of(ask.table, *rows), records_of(SettingsTable::zones, *zones), table_width(),
                         paint_for_output()));
        return exit_ok;
    });
}

int show_settings(const Program& program, const SettingsAsk& ask) {
    return with_address(program, [&](const ApiAddress& at) {
        int code = exit_ok;
        const auto row = read(at, get(at, path_of(ask.table, ask.key)), ask.key, false, code);
        if (row && program.json) print(*row);
        if (row && !program.json) print(record_lines(json::record_of(ask.table, *row), table_width(), paint_for_output()));
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
        return change(program, at, ask, std::nullopt,
                      [&](const std::string& query) { return post(at, path_of(ask.table) + query, body_of(ask.table, fields)); });
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

int undo_settings_change(const Program& program, const SettingsAsk& ask) {
    return with_address(program, [&](const ApiAddress& at) {
        std::int64_t number = ask.change;
        if (number == 0) {
            int code = exit_ok;
            const auto newest = read(at, get(at, "/api/settings/history?limit=1"), {}, true, code);
            if (!newest) return code;
            if (newest->empty()) return refuse(program.json, "no stored change to undo");
            number = newest->front().value("change", std::int64_t{0});
        }
        return put_back(program, at, ask, {{"undo", number}});
    });
}

int restore_earlier_settings(const Program& program, const SettingsAsk& ask) {
    std::int64_t number = 0;
    const char* end = ask.key.data() + ask.key.size();
    const auto [rest, error] = std::from_chars(ask.key.data(), end, number);
    if (error != std::errc{} || rest != end)
        return refuse(program.json,
                      Refusal{"with --url the moment is the number of a change", "GET /api/settings/history lists them"});
    return with_address(program, [&](const ApiAddress& at) { return put_back(program, at, ask, {{"to", number}}); });
}

}  // namespace volt::ctl::remote
