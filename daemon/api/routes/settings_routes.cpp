#include "daemon/api/routes/settings_routes.hpp"

#include <charconv>
#include <limits>

#include "daemon/api/http/answers.hpp"
#include "daemon/api/settings_file.hpp"
#include "daemon/config/check.hpp"
#include "daemon/settings/settings_json.hpp"
#include "drivers/store/settings/write.hpp"
#include "rules/names.hpp"

namespace volt::api {

namespace {

constexpr int mode_busy_ms = 500;
constexpr std::int64_t most_changes = 1000;  // for a browser or a program

HttpAnswer answer_of(const EditFailure& failure) { return {json::http_status(failure.fault), json_text(json::failure(failure))}; }

std::vector<std::string> findings_of(const Config& config, const Edited& edited) {
    ParsedConfig parsed;
    parsed.config = config;
    return new_findings(parsed, edited.before, edited.after);
}

HttpAnswer tagged(HttpAnswer answer, const std::string& etag) {
    answer.etag = etag;
    return answer;
}
HttpAnswer tagged(HttpAnswer answer, std::int64_t newest) { return tagged(std::move(answer), std::to_string(newest)); }

std::string query_of(const HttpRequest& request, const char* key) {
    const auto found = request.query.find(key);
    return found == request.query.end() ? "" : found->second;
}

/// Reads a whole number within these bounds.
template <class Number>
bool read_whole(const std::string& text, Number& number, Number least, Number most) {
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && rest == end && number >= least && number <= most;
}

/// State that the handlers share. It lives as long as their rows.
class SettingsHandlers {
public:
    SettingsHandlers(const std::string& path, SettingsContext context, const std::atomic<bool>& give_up)
        : file_(path, give_up), context_(std::move(context)) {}

    HttpAnswer list(SettingsTable table) {
        const auto seen = file_.read();
        return seen ? tagged(ok_answer(json::records(seen.value().rows->rows(table))), seen.value().newest)
                    : answer_of(seen.failure());
    }

    HttpAnswer show(SettingsTable table, const std::string& key) {
        const auto seen = file_.read();
        if (!seen) return answer_of(seen.failure());
        const auto row = find_record(*seen.value().rows, table, key);
        return row ? tagged(ok_answer(json::record(row.value())), seen.value().newest) : answer_of(row.failure());
    }

    /// Handles `?table=miner_profiles&row=dump-load-s19-1&limit=20`. Lists the newest first.
    HttpAnswer log(const HttpRequest& request) {
        LogFilter filter{std::nullopt, query_of(request, "row"), 50};
        const std::string table = query_of(request, "table"), limit = query_of(request, "limit");
        for (const SettingsTable known : {SettingsTable::preferences, SettingsTable::miners, SettingsTable::zones})
            if (table == sql_name(known)) filter.table = known;
        if (!table.empty() && !filter.table)
            return field_error(400, "table: '" + table + "' is not a known value", "table",
                               "user_preferences, miner_profiles, hvac_zones");
        const auto most = static_cast<int>(most_of(request, most_changes));
        if (!limit.empty() && !read_whole(limit, filter.limit, 1, most))
            return field_error(400, "limit: '" + limit + "' is out of range", "limit",
                               "a whole number from 1 to " + std::to_string(most));
        const int shown = filter.limit++;
        const auto changes = file_.log(filter);
        if (!changes) return answer_of(changes.failure());
        return list_answer(changes.value(), shown, json::log_entry);
    }

    /// Handles `{"to":41}` (all settings right after change 41), `{"to":"2h"}` (all settings at that time) and `{"undo":41}` (the
    /// fields of change 41 as before it).
    HttpAnswer restore(const HttpRequest& request) {
        Object body;
        if (auto wrong = read_body(request.body, body)) return *wrong;
        if (auto wrong = refuse_unknown(body, {"to", "undo"})) return *wrong;
        if (body.size() > 1) return field_error(400, "use either to or undo, not both", "undo", "omit one of them");
        const bool undo = body.contains("undo");
        const char* field = undo ? "undo" : "to";
        const Object given = body.value(field, Object());
        const bool is_number =
            given.is_number_unsigned() && given.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max();
        if (!is_number && (undo || !given.is_string()))
            return field_error(400, std::string(field) + ": not a change number", field,
                               "the number of a change from GET /api/settings/history");
        EditRequest how{request.caller.who, false};
        bool with_changes = false;
        if (auto wrong = read_request(request, how, with_changes)) return *wrong;
        const auto edited = file_.edit([&](Connection& db) -> Edit<Edited> {
            if (undo) return undo_change(db, given.get<std::int64_t>(), how);
            const auto moment = find_moment(db, given.is_string() ? given.get<std::string>() : given.dump());
            return moment ? restore_settings(db, moment.value(), how) : Edit<Edited>(moment.failure());
        });
        if (!edited) return answer_of(edited.failure());
        if (how.dry_run) return would(edited.value(), with_changes);
        publish(edited.value());
        Object answer{{"ok", true}};
        answer.update(report(edited.value()));
        return tagged(ok_answer(answer), edited.value().newest);
    }

    HttpAnswer add(SettingsTable table, const HttpRequest& request) {
        return with_fields(table, request, 201, [table](Connection& db, const auto& fields, const EditRequest& how) {
            return add_record(db, table, fields, how);
        });
    }

    HttpAnswer change(SettingsTable table, const HttpRequest& request) {
        return with_fields(table, request, 200, [&](Connection& db, const auto& fields, const EditRequest& how) {
            return change_record(db, table, request.argument, fields, how);
        });
    }

    HttpAnswer remove(SettingsTable table, const HttpRequest& request) {
        return edit(table, request, 204,
                    [&](Connection& db, const EditRequest& how) { return remove_record(db, table, request.argument, how); });
    }

    /// Resets the fields of `{"fields":["voltage_low"]}`, or all without a body.
    HttpAnswer reset(const HttpRequest& request) {
        Object body;
        if (auto wrong = read_body(request.body, body)) return *wrong;
        if (auto wrong = refuse_unknown(body, {"fields"})) return *wrong;
        std::vector<std::string> names;
        const Object none = Object::array(), &given = body.contains("fields") ? body["fields"] : none;
        bool texts = given.is_array();
        for (const Object& name : given) {
            texts = texts && name.is_string();
            if (texts) names.push_back(name.get<std::string>());
        }
        // Reject an empty list, which would mean all.
        if (!texts || (body.contains("fields") && names.empty()))
            return field_error(400, "fields: must be a list of columns", "fields", "names of columns, at least one");
        return edit(SettingsTable::preferences, request, 200,
                    [&](Connection& db, const EditRequest& how) { return reset_preferences(db, names, how); });
    }

private:
    template <class Work>
    HttpAnswer with_fields(SettingsTable table, const HttpRequest& request, int status, const Work& work) {
        Object body;
        if (auto wrong = read_body(request.body, body)) return *wrong;
        const std::vector<Assignment> fields = json::assignments(table, body);
        return edit(table, request, status, [&](Connection& db, const EditRequest& how) { return work(db, fields, how); });
    }

    template <class Work>
    HttpAnswer edit(SettingsTable table, const HttpRequest& request, int status, const Work& work) {
        EditRequest how{request.caller.who, false};
        bool with_changes = false;
        if (auto wrong = read_request(request, how, with_changes)) return *wrong;
        const auto edited = file_.edit([&](Connection& db) { return work(db, how); });
        if (!edited && edited.failure().fault == EditFault::moved) return moved(table, request.argument, edited.failure());
        if (!edited) return answer_of(edited.failure());
        if (how.dry_run) return would(edited.value(), with_changes);
        publish(edited.value());
        if (with_changes) return tagged(ok_answer(report(edited.value())), edited.value().newest);
        const HttpAnswer answer = status == 204 ? HttpAnswer{204, ""} : row(table, request, edited.value(), status);
        return tagged(answer, edited.value().newest);
    }

    /// Reads the query and head of a change.
    static std::optional<HttpAnswer> read_request(const HttpRequest& request, EditRequest& how, bool& with_changes) {
        if (auto wrong = read_dry_run(request, how.dry_run)) return wrong;
        if (auto wrong = read_flag(request, "changes", with_changes)) return wrong;
        if (auto wrong = read_flag(request, "end_guard", how.end_guard)) return wrong;
        if (request.if_match.empty() || request.if_match == "*") return std::nullopt;
        if (request.if_match == "\"\"")
            return field_error(412, "If-Match: an empty tag matches no version", "If-Match",
                               "the ETag of an answer, in its quotes");
        std::int64_t seen = 0;
        if (!read_whole(request.if_match, seen, std::int64_t{0}, std::numeric_limits<std::int64_t>::max()))
            return field_error(400, "If-Match: not an ETag of these settings", "If-Match",
                               "the ETag of an answer, in its quotes");
        how.seen = seen;
        return std::nullopt;
    }

    /// Returns 412 with the current row.
    HttpAnswer moved(SettingsTable table, const std::string& key, const EditFailure& failure) {
        HttpAnswer now = show(table, key);
        Object answer = json::failure(failure);
        if (now.status == 200) answer["row"] = Object::parse(now.body, nullptr, false);
        return tagged(ok_answer(answer, 412), now.etag);
    }

    void publish(const Edited& edited) const {
        if (edited.written && context_.changed) context_.changed();
    }

    HttpAnswer would(const Edited& edited, bool with_changes) {
        Object answer = Object::object();
        if (context_.would) {
            auto orders = context_.would(std::make_shared<const Settings>(edited.after));
            if (!orders && !with_changes) return loop_is_late();
            if (orders) answer = std::move(*orders);
        }
        if (with_changes) answer.update(report(edited));
        else add_warnings(answer, warnings_of(edited));
        return ok_answer(answer);
    }

    /// Returns the result of an edit, or its preview: `{"written":true,"revision":8,"change":6,"changes":[…],"warnings":[…]}`.
    Object report(const Edited& edited) {
        Object answer{{"written", edited.written}, {"revision", edited.revision}, {"change", nullptr}};
        if (edited.written) answer["change"] = edited.change;
        answer["changes"] = Object::array();
        for (const RowChange& it : edited.rows) answer["changes"].push_back(json::change(it));
        answer["warnings"] = warnings_of(edited);
        return answer;
    }

    static void add_warnings(Object& answer, const std::vector<std::string>& warnings) {
        if (!warnings.empty()) answer["warnings"] = warnings;
    }

    /// Checks the change against voltd.yaml. A late loop must not keep an owner from changing settings.
    std::vector<std::string> warnings_of(const Edited& edited) {
        if (edited.rows.empty() || !context_.config) return {};
        const auto config = context_.config();
        return config ? findings_of(*config, edited) : std::vector<std::string>();
    }

    /// Returns the current row. An edit that changed nothing names none.
    HttpAnswer row(SettingsTable table, const HttpRequest& request, const Edited& edited, int status) {
        for (const RowChange& change : edited.rows)
            if (change.table == table && change.after) {
                Object answer = json::record(*change.after);
                add_warnings(answer, warnings_of(edited));
                return ok_answer(answer, status);
            }
        return show(table, request.argument);
    }

    SettingsFile file_;
    SettingsContext context_;
};

void add_table(std::vector<Route>& routes, const std::shared_ptr<SettingsHandlers>& handlers, SettingsTable table,
               const std::string& path) {
    std::vector<std::string> flags{"dry_run", "changes"};
    if (table == SettingsTable::zones) flags.emplace_back("end_guard");
    const std::string one = path + "/{}";
    routes.push_back({"GET", path, [=](const HttpRequest&) { return handlers->list(table); }});
    routes.push_back(
        {"POST", path, [=](const HttpRequest& it) { return handlers->add(table, it); }, Body::json, {"dry_run", "changes"}});
    routes.push_back({"GET", one, [=](const HttpRequest& it) { return handlers->show(table, it.argument); }});
    routes.push_back({"PUT", one, [=](const HttpRequest& it) { return handlers->change(table, it); }, Body::json, flags});
    routes.push_back({"DELETE", one, [=](const HttpRequest& it) { return handlers->remove(table, it); }, Body::none, flags});
}

}  // namespace

std::vector<Route> settings_routes(const std::string& path, SettingsContext context, const std::atomic<bool>& give_up) {
    const auto handlers = std::make_shared<SettingsHandlers>(path, std::move(context), give_up);
    constexpr auto preferences = SettingsTable::preferences;
    std::vector<Route> routes{
        {"GET", "/api/preferences", [handlers](const HttpRequest&) { return handlers->show(preferences, ""); }},
        {"PUT",
         "/api/preferences",
         [handlers](const HttpRequest& it) { return handlers->change(preferences, it); },
         Body::json,
         {"dry_run", "changes"}},
        {"GET",
         "/api/settings/history",
         [handlers](const HttpRequest& it) { return handlers->log(it); },
         Body::none,
         {"table", "row", "limit"}},
        {"POST",
         "/api/settings/restore",
         [handlers](const HttpRequest& it) { return handlers->restore(it); },
         Body::json,
         {"dry_run", "end_guard", "changes"}},
        {"POST",
         "/api/preferences/reset",
         [handlers](const HttpRequest& it) { return handlers->reset(it); },
         Body::json,
         {"dry_run", "changes"}}};
    add_table(routes, handlers, SettingsTable::miners, "/api/miners");
    add_table(routes, handlers, SettingsTable::zones, "/api/hvac/zones");
    return routes;
}

std::function<std::optional<bool>(SiteMode)> mode_in(const std::string& path, const std::atomic<bool>& give_up) {
    const auto file = std::make_shared<SettingsFile>(path, give_up, mode_busy_ms);
    return [file, &give_up](SiteMode mode) -> std::optional<bool> {
        const auto state = file->read();
        if (!state || give_up || state.value().rows->preferences.empty()) return std::nullopt;
        return state.value().rows->preferences.front().text("operating_mode") == name_of(mode);
    };
}

}  // namespace volt::api
