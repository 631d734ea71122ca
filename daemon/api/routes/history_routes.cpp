#include "daemon/api/routes/history_routes.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "daemon/api/routes/plot_routes.hpp"
#include "daemon/explain/history_json.hpp"
#include "daemon/explain/topics.hpp"
#include "drivers/source.hpp"
#include "drivers/store/recovery/maintenance.hpp"

namespace volt::api {

namespace {

constexpr Duration range_by_default = 1h;
// Limits for a browser or a program. Each decision includes its inputs and gates, about 1 kB.
constexpr std::int64_t most_decisions = 2000, most_runs = 2000, most_events = 1000;

class HistoryHandlers {
public:
    HistoryHandlers(std::shared_ptr<HistoryFile> file, std::function<HistoryContext()> context, const Recent* recent)
        : file_(std::move(file)), context_(std::move(context)), recent_(recent) {}

    HttpAnswer history(const HttpRequest& request) {
        HistoryQuery query;
        Utc now{};
        if (auto wrong = read_query(request, query, now)) return *wrong;
        const auto lock = file_->lock();
        if (!lock) return error_answer(503, history_busy_text);
        const bool full_rate = query.resolution == Resolution::automatic || query.resolution == Resolution::raw;
        const History recent = from_memory(query);
        if (full_rate && !recent.points.empty() && query.from >= now - Recent::kept) return ok_answer(history_json(recent));
        auto found = file_->read([&](Connection& db) { return read_history(db, query, now); });
        if (!found) return file_->refusal(found.failure());
        add_newest(found.value(), recent);
        return ok_answer(history_json(found.value()));
    }

    HttpAnswer decisions(const HttpRequest& request) {
        DecisionQuery query{value_of(request, "load"), value_of(request, "reason"), {}, {}, 50};
        if (auto wrong = read_range(request, query, most_decisions)) return *wrong;
        const auto lock = file_->lock();
        if (!lock) return error_answer(503, history_busy_text);
        return answer_of(query, read_decisions, decision_json);
    }

    HttpAnswer runs(const HttpRequest& request) {
        RunQuery query{value_of(request, "load"), {}, {}, 50};
        if (auto wrong = read_range(request, query, most_runs)) return *wrong;
        const auto lock = file_->lock();
        if (!lock) return error_answer(503, history_busy_text);
        return answer_of(query, read_runs, run_json);
    }

    HttpAnswer events(const HttpRequest& request) {
        EventQuery query{value_of(request, "kind"), value_of(request, "level"), {}, {}, 50};
        constexpr std::string_view levels[] = {"", "debug", "info", "warning", "error", "critical"};
        if (std::find(std::begin(levels), std::end(levels), query.level) == std::end(levels))
            return field_error(400, "level: '" + query.level + "' is not a known value", "level",
                               "debug, info, warning, error, critical");
        if (auto wrong = read_range(request, query, most_events)) return *wrong;
        const auto lock = file_->lock();
        if (!lock) return error_answer(503, history_busy_text);
        return answer_of(query, read_events, event_json);
    }

private:
    /// Returns at most `query.limit` rows. Reads one more to find out whether the list is truncated.
    template <class Query, class Read, class Json>
    HttpAnswer answer_of(Query query, Read read, Json json) {
        const std::int64_t limit = query.limit++;
        const auto rows = file_->read([&](Connection& db) { return read(db, query); });
        if (!rows) return error_answer(503, rows.failure().text);
        return list_answer(rows.value(), limit, json);
    }

    static Object run_json(const KeptRun& row) {
        return {{"load", row.load},
                {"from", iso_utc(row.from)},
                {"to", row.to ? Object(iso_utc(*row.to)) : Object(nullptr)},
                {"start_reason", row.start_reason},
                {"stop_reason", row.stop_reason.empty() ? Object(nullptr) : Object(row.stop_reason)},
                {"wh", row.energy_wh ? Object(*row.energy_wh) : Object(nullptr)}};
    }

    static Object event_json(const KeptEvent& row) {
        Object data = row.data_json.empty() ? Object(nullptr) : Object::parse(row.data_json, nullptr, false);
        if (data.is_discarded()) data = row.data_json;
        return {{"id", row.id},
                {"at", iso_utc(row.at)},
                {"level", row.level},
                {"kind", row.kind},
                {"subject", row.subject.empty() ? Object(nullptr) : Object(row.subject)},
                {"message", row.message},
                {"data", std::move(data)}};
    }

    /// Reads `from`, `to` and `limit` of a list. `most` limits the length for everyone except the owner.
    template <class Query>
    static std::optional<HttpAnswer> read_range(const HttpRequest& request, Query& query, std::int64_t most) {
        if (auto wrong = read_time(request, "from", query.from)) return wrong;
        if (auto wrong = read_time(request, "to", query.to)) return wrong;
        return read_number(request, "limit", 1, most_of(request, most), query.limit);
    }

    std::optional<HttpAnswer> read_query(const HttpRequest& request, HistoryQuery& query, Utc& now) const {
        HistoryContext context = context_();
        now = context.now.value_or(wall_now());
        query.sources = std::move(context.sources);
        std::optional<Utc> from, to;
        if (auto wrong = read_time(request, "from", from)) return wrong;
        if (auto wrong = read_time(request, "to", to)) return wrong;
        // Include the current second in the answer.
        query.to = to.value_or(now + 1s);
        query.from = from.value_or(query.to - range_by_default);
        if (query.from >= query.to) return field_error(400, "from is not before to", "from", "a time before `to`");
        const std::string resolution = value_of(request, "resolution");
        if (const auto known = resolution_of(resolution.empty() ? "auto" : resolution)) query.resolution = *known;
        else
            return field_error(400, "resolution: '" + resolution + "' is not a known value", "resolution",
                               "auto, raw, minute, hour");
        query.series = value_of(request, "series");
        if (query.series.empty()) return field_error(400, "missing: series", "series", "one series such as battery.voltage_v");
        return std::nullopt;
    }

    History from_memory(const HistoryQuery& query) const {
        if (recent_ == nullptr) return {};
        auto recent = read_recent(*recent_, query);
        return recent ? std::move(recent.value()) : History{};
    }

    /// Appends the mean of each step that is newer than the last one on disk.
    static void add_newest(History& history, const History& recent) {
        if (history.step_s <= 0) return;
        const std::int64_t step = history.step_s;
        std::int64_t next = history.points.empty() ? 0 : history.points.back().at_s + step, count = 0;
        double sum = 0;
        for (const Point& point : recent.points) {
            const std::int64_t slot = point.at_s - point.at_s % step;
            if (slot < next) continue;
            if (count > 0 && slot == history.points.back().at_s) {
                sum += point.value;
                history.points.back().value = std::round(1000 * sum / static_cast<double>(++count)) / 1000;
                continue;
            }
            history.points.push_back({slot, point.value, ""});
            sum = point.value;
            count = 1;
        }
    }

    const std::shared_ptr<HistoryFile> file_;
    const std::function<HistoryContext()> context_;
    const Recent* const recent_;
};

Object schema_json(const SchemaStatus& schema) {
    return {{"version", schema.version}, {"latest", schema.latest}, {"pending", schema.pending}};
}

HttpAnswer schema_state(const std::string& path) {
    const auto schema = schema_status(path);
    if (!schema) return error_answer(503, schema.failure().text);
    const auto tables = count_rows(path);
    if (!tables) return error_answer(503, tables.failure().text);
    Object object = schema_json(schema.value());
    object["tables"] = Object::object();
    for (const TableRows& table : tables.value())
        object["tables"][table.name] = table.rows ? Object(*table.rows) : Object(nullptr);
    return ok_answer(object);
}

HttpAnswer init_schema(const std::string& path) {
    const auto before = schema_status(path);
    if (!before) return error_answer(503, before.failure().text);
    if (before.value().pending.empty()) {
        Object object = schema_json(before.value());
        object["applied"] = Object::array();
        return ok_answer(object);
    }
    // Do not migrate while the store may use the file. It migrates when it opens the file.
    return error_answer(409, "migrations are pending; voltd runs them when it starts: restart it");
}

}  // namespace

std::vector<Route> history_routes(const std::string& path, std::function<HistoryContext()> context, const Recent* recent,
                                  const std::atomic<bool>& give_up, QueryTimes* times) {
    const auto file = std::make_shared<HistoryFile>(path, give_up, times);
    const auto handlers = std::make_shared<HistoryHandlers>(file, context, recent);
    return {plot_route(file, std::move(context), recent),
            {"GET",
             "/api/history",
             [handlers](const HttpRequest& it) { return handlers->history(it); },
             Body::none,
             {"series", "from", "to", "resolution"}},
            {"GET",
             "/api/decisions",
             [handlers](const HttpRequest& it) { return handlers->decisions(it); },
             Body::none,
             {"limit", "load", "reason", "from", "to"}},
            {"GET",
             "/api/events",
             [handlers](const HttpRequest& it) { return handlers->events(it); },
             Body::none,
             {"limit", "kind", "level", "from", "to"}},
            {"GET",
             "/api/runs",
             [handlers](const HttpRequest& it) { return handlers->runs(it); },
             Body::none,
             {"limit", "load", "from", "to"}},
            {"GET", "/db/schema-status", [path](const HttpRequest&) { return schema_state(path); }},
            {"POST", "/db/init-schema", [path](const HttpRequest&) { return init_schema(path); }}};
}

}  // namespace volt::api
