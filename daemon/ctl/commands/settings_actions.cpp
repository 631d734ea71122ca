#include "daemon/ctl/commands/settings_actions.hpp"

#include <algorithm>
#include <iostream>

#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/talk/voltd.hpp"
#include "daemon/ctl/views/control_view.hpp"
#include "daemon/ctl/views/settings_view.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/settings/settings_json.hpp"
#include "daemon/settings/settings_text.hpp"
#include "drivers/store/settings/write.hpp"
#include "drivers/text.hpp"
#include "drivers/zone_name.hpp"

namespace volt::ctl {

namespace {

using api::HttpRequest;

constexpr const char* restore_path = "/api/settings/restore";

std::string route_of(SettingsTable table) {
    switch (table) {
        case SettingsTable::preferences: return "/api/preferences";
        case SettingsTable::miners: return "/api/miners";
        case SettingsTable::zones: return "/api/hvac/zones";
    }
    return {};
}

std::string route_of(SettingsTable table, const std::string& key) {
    return table == SettingsTable::preferences ? route_of(table) : route_of(table) + "/" + key;
}

/// Returns a request without a query. An empty body means none.
HttpRequest request_of(const char* method, const std::string& path, const std::string& body = {}) {
    HttpRequest request;
    request.method = method;
    request.path = path;
    request.body = body;
    return request;
}

std::vector<Record> records_of(SettingsTable table, const Json& list) {
    std::vector<Record> rows;
    for (const Json& it : list) rows.push_back(json::record_of(table, it));
    return rows;
}

/// Returns one of the `changes` of an answer, which has only the fields that differ.
std::optional<RowChange> change_of(const Json& object) {
    const auto table = settings_table_named(word(object, "table"));
    if (!table) return std::nullopt;
    const auto side = [&](const char* which, const char* none) -> std::optional<Record> {
        if (word(object, "what") == none) return std::nullopt;
        Json row{{"id", word(object, "id")}, {"slug", word(object, "row")}};
        for (const auto& [field, values] : part(object, "fields").items()) row[field] = part(values, which);
        return json::record_of(*table, row);
    };
    return RowChange{*table, side("before", "added"), side("after", "removed")};
}

std::vector<RowChange> changes_of(const Json& answer) {
    std::vector<RowChange> changes;
    for (const Json& it : part(answer, "changes"))
        if (auto change = change_of(it)) changes.push_back(std::move(*change));
    return changes;
}

/// Returns the last line about a completed change.
std::string saved(const Program& program, const Json& answer) {
    if (program.address.url) return "saved by voltd at " + *program.address.url;
    const std::string number = part(answer, "change").dump();
    return "saved as change " + number + "; undo: voltctl settings undo " + number;
}

int report(const Program& program, const Json& answer, bool dry_run) {
    if (program.json) return print(answer), exit_ok;
    const std::vector<RowChange> changes = changes_of(answer);
    print(change_lines(changes, paint_for_output()));
    if (dry_run && answer.contains("would")) print(would_lines(answer));
    for (const Json& it : part(answer, "warnings"))
        if (it.is_string()) std::cerr << "warning: " << it.get<std::string>() << '\n';
    const std::string done = dry_run ? "dry run: nothing was changed" : saved(program, answer);
    std::cout << (changes.empty() ? "nothing to change" : done) << '\n';
    return exit_ok;
}

/// Returns true if a change was rejected because it ends the guard against charging a cold battery.
bool ends_guard(const ApiReply& reply) {
    return reply.status == 409 && word(Json::parse(reply.body, nullptr, false), "need") == "?end_guard=1";
}

int edit(const Program& program, const Voltd& voltd, const SettingsAsk& ask, HttpRequest request) {
    request.query["changes"] = "1";
    if (ask.dry_run) request.query["dry_run"] = "1";
    if (ask.end_guard) request.query["end_guard"] = "1";
    ApiReply reply = voltd.send(request);
    if (ends_guard(reply)) {
        if (!confirmed(reply.error + "\n" + end_guard_question))
            return refuse(program.json, Refusal{reply.error, "in scripts, use --end-guard", {}, reply.body});
        request.query["end_guard"] = "1";
        reply = voltd.send(request);
    }
    int code = exit_ok;
    const auto answer = voltd.read(reply, code, ask.key);
    return answer ? report(program, *answer, ask.dry_run) : code;
}

int edit(const Program& program, const SettingsAsk& ask, const HttpRequest& request) {
    return with_voltd(program, ask.database, [&](const Voltd& voltd) { return edit(program, voltd, ask, request); });
}

/// Rejects anything but KEY=VALUE as a usage error, not an invalid value. Returns 0 if all are correct.
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

/// Returns the values as a JSON object. On an error, prints it and sets `code` to 1 or 2.
std::optional<std::string> body_of(const Program& program, const SettingsAsk& ask, int& code) {
    code = refuse_words(program, ask);
    if (code != exit_ok) return std::nullopt;
    Json body = Json::object();
    for (const std::string& text : ask.values) {
        const Assignment one = assignment_of(ask.table, text);
        if (body.contains(one.field)) {
            code = refuse(program.json, one.field + " is given twice");
            return std::nullopt;
        }
        body[one.field] = json::given(one, ask.table);
    }
    return json_text(body);
}

}  // namespace

std::optional<std::string> stored_setting(const Program& program, const SettingsAsk& ask, const char* field) {
    std::optional<std::string> text;
    with_voltd(program, ask.database, [&](const Voltd& voltd) {
        int code = exit_ok;
        const auto row = voltd.ask(request_of("GET", route_of(ask.table)), code);
        if (row) text = word(*row, field);
        return code;
    });
    return text;
}

int list_settings(const Program& program, const SettingsAsk& ask) {
    return with_voltd(program, ask.database, [&](const Voltd& voltd) {
        int code = exit_ok;
        const auto rows = voltd.ask(request_of("GET", route_of(ask.table)), code);
        if (!rows) return code;
        if (program.json) return print(*rows), exit_ok;
        const auto zones = voltd.ask(request_of("GET", route_of(SettingsTable::zones)), code);
        if (!zones) return code;
        print(list_lines(records_of(ask.table, *rows), records_of(SettingsTable::zones, *zones), table_width(),
                         paint_for_output()));
        return exit_ok;
    });
}

int show_settings(const Program& program, const SettingsAsk& ask) {
    return with_voltd(program, ask.database, [&](const Voltd& voltd) {
        int code = exit_ok;
        const auto row = voltd.ask(request_of("GET", route_of(ask.table, ask.key)), code, ask.key);
        if (!row) return code;
        if (program.json) print(*row);
        else print(record_lines(json::record_of(ask.table, *row), table_width(), paint_for_output()));
        // The editor rejects such a zone, but another program may have written it, and nothing else on this page would show it.
        if (ask.table == SettingsTable::preferences && !program.address.url && !is_zone_name(word(*row, "timezone")))
            std::cerr << "warning: timezone: this machine does not know that time zone; use one of " << zone_directory << '\n';
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
    int code = exit_ok;
    const auto body = body_of(program, ask, code);
    return body ? edit(program, ask, request_of("PUT", route_of(ask.table, ask.key), *body)) : code;
}

int add_settings(const Program& program, const SettingsAsk& ask) {
    int code = exit_ok;
    const auto body = body_of(program, ask, code);
    return body ? edit(program, ask, request_of("POST", route_of(ask.table), *body)) : code;
}

int remove_settings(const Program& program, const SettingsAsk& ask) {
    return edit(program, ask, request_of("DELETE", route_of(ask.table, ask.key)));
}

int reset_settings(const Program& program, const SettingsAsk& ask) {
    constexpr const char* question =
        "This resets every preference to its default: thresholds, battery curve, limits, time zone. Continue?";
    if (ask.values.empty() && !ask.dry_run && !ask.yes && !confirmed(question))
        return refuse(program.json, Refusal{"nothing was changed: not confirmed", "name the preferences to reset, or use --yes"});
    const Json body = ask.values.empty() ? Json::object() : Json{{"fields", ask.values}};
    return edit(program, ask, request_of("POST", route_of(ask.table) + "/reset", json_text(body)));
}

int show_settings_history(const Program& program, const SettingsAsk& ask) {
    HttpRequest request = request_of("GET", "/api/settings/history");
    request.query["limit"] = std::to_string(ask.limit);
    if (!ask.of_row.empty()) request.query["row"] = ask.of_row;
    if (ask.of_table == "prefs") request.query["table"] = sql_name(SettingsTable::preferences);
    if (ask.of_table == "miners") request.query["table"] = sql_name(SettingsTable::miners);
    if (ask.of_table == "zones") request.query["table"] = sql_name(SettingsTable::zones);
    return with_voltd(program, ask.database, [&](const Voltd& voltd) {
        int code = exit_ok;
        if (!voltd.use_site_zone(code)) return code;
        const auto log = voltd.ask(request, code);
        if (!log) return code;
        if (program.json) print(*log);
        else print(log_lines(*log, paint_for_output()));
        return exit_ok;
    });
}

int undo_settings_change(const Program& program, const SettingsAsk& ask) {
    return with_voltd(program, ask.database, [&](const Voltd& voltd) {
        std::int64_t number = ask.change;
        if (number == 0) {
            HttpRequest newest = request_of("GET", "/api/settings/history");
            newest.query["limit"] = "1";
            int code = exit_ok;
            const auto log = voltd.ask(newest, code);
            if (!log) return code;
            if (log->empty()) return refuse(program.json, "no stored change to undo");
            number = log->front().value("change", std::int64_t{0});
        }
        return edit(program, voltd, ask, request_of("POST", restore_path, json_text(Json{{"undo", number}})));
    });
}

int restore_earlier_settings(const Program& program, const SettingsAsk& ask) {
    return edit(program, ask, request_of("POST", restore_path, json_text(Json{{"to", ask.key}})));
}

}  // namespace volt::ctl
