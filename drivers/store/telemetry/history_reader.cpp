#include "drivers/store/telemetry/history_reader.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/telemetry/retention.hpp"
#include "drivers/store/telemetry/telemetry_rows.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

namespace {

constexpr std::int64_t longest_list = 10001;  // a list of the owner, and one row that shows that there are more
constexpr int reader_busy_ms = 2000;

std::int64_t seconds(Utc time) { return time.count() / 1000; }

Failure too_many(const HistoryQuery& query) {
    return {Fault::refused, query.series + ": more than " + std::to_string(most_points) +
                                " points; ask for a shorter range or a coarser resolution"};
}

/// Takes the first source that has a value; or the sum, which needs them all.
void pick(const SeriesPlan& plan, const KeptSteps& steps, std::int64_t from_s, History& history) {
    for (const auto& [at_s, values] : steps) {
        if (at_s < from_s || values.empty()) continue;
        double value = values.begin()->second;
        if (plan.kind == SeriesKind::sum_of) {
            if (values.size() != plan.sources.size()) continue;
            for (auto it = std::next(values.begin()); it != values.end(); ++it) value += it->second;
        }
        history.points.push_back({at_s, value / plan.value->steps, ""});
    }
}

/// Converts volts to percent by the site's current curve.
SqlStatus through_curve(Connection& db, History& history) {
    const Result<Settings> settings = read_settings(db, Settings{});
    if (!settings) return {SQLITE_ERROR, settings.failure().text};
    for (Point& point : history.points) {
        const Volts voltage{static_cast<std::int64_t>(point.value * 100 + 0.5)};
        point.value = static_cast<double>(soc_of(voltage, settings.value().preferences.curve).steps) / 100;
    }
    history.unit = "%";
    return {};
}

SqlStatus read_telemetry(Connection& db, const SeriesPlan& plan, const HistoryQuery& query, Utc now, History& history) {
    history.resolution = query.resolution == Resolution::automatic ? resolution_for(query.from, query.to, now) : query.resolution;
    history.step_s = step_of(history.resolution);
    history.unit = plan.value->unit;
    KeptSteps steps;
    const std::int64_t from_s = seconds(query.from + 999ms);
    SqlStatus done = read_steps(db, plan, history.resolution, {from_s, seconds(query.to + 999ms)}, steps);
    if (!done.ok()) return done;
    pick(plan, steps, history.resolution == Resolution::raw ? from_s : 0, history);
    return plan.kind == SeriesKind::curve ? through_curve(db, history) : done;
}

/// Returns the number of a text value in a plot.
double value_of_word(const std::string& word) {
    char* end = nullptr;
    const double value = std::strtod(word.c_str(), &end);
    if (!word.empty() && *end == '\0') return value;
    return word == "off" || word == "none" ? 0 : 1;
}

void add_word(std::int64_t at_ms, const std::string& word, const HistoryQuery& query, History& history) {
    // The value in force at the start of the range becomes its first point.
    const std::int64_t at_s = std::max(at_ms / 1000, seconds(query.from));
    if (!history.points.empty() && history.points.back().at_s == at_s) history.points.pop_back();
    history.points.push_back({at_s, value_of_word(word), word});
}

SqlStatus read_orders(Connection& db, const SeriesPlan& plan, const HistoryQuery& query, History& history) {
    Statement rows = db.prepare(
        "SELECT at, \"to\" FROM decisions WHERE load = ?1 AND at < ?3 AND at >= coalesce((SELECT max(at) FROM decisions "
        "WHERE load = ?1 AND at < ?2), 0) ORDER BY at LIMIT ?4");
    rows.bind(1, plan.subject).bind(2, query.from.count()).bind(3, query.to.count());
    rows.bind(4, static_cast<std::int64_t>(most_points) + 1);
    while (rows.row()) add_word(rows.integer(0), rows.text(1), query, history);
    return rows.status();
}

SqlStatus read_runs(Connection& db, const SeriesPlan& plan, const HistoryQuery& query, History& history) {
    Statement rows = db.prepare(
        "SELECT started_at, stopped_at FROM load_runs WHERE load = ?1 AND started_at < ?3 AND coalesce(stopped_at, ?3) >= "
        "?2 ORDER BY started_at LIMIT ?4");
    rows.bind(1, plan.subject).bind(2, query.from.count()).bind(3, query.to.count());
    rows.bind(4, static_cast<std::int64_t>(most_points) + 1);
    while (rows.row()) {
        add_word(rows.integer(0), "on", query, history);
        if (!rows.is_null(1) && rows.integer(1) < query.to.count()) add_word(rows.integer(1), "off", query, history);
    }
    return rows.status();
}

SqlStatus read_metric(Connection& db, const SeriesPlan& plan, const HistoryQuery& query, History& history) {
    history.step_s = 900;
    Statement rows = db.prepare(
        "SELECT at, mean FROM performance_metrics JOIN metric_names AS n ON n.id = metric WHERE n.name = ?1 AND at >= ?2 "
        "AND at < ?3 ORDER BY at LIMIT ?4");
    rows.bind(1, plan.subject).bind(2, seconds(query.from)).bind(3, seconds(query.to));
    rows.bind(4, static_cast<std::int64_t>(most_points) + 1);
    while (rows.row()) history.points.push_back({rows.integer(0), rows.real(1), ""});
    return rows.status();
}

SqlStatus read_series(Connection& db, const SeriesPlan& plan, const HistoryQuery& query, Utc now, History& history) {
    switch (plan.kind) {
        case SeriesKind::first_of:
        case SeriesKind::curve:
        case SeriesKind::sum_of: return read_telemetry(db, plan, query, now, history);
        case SeriesKind::orders: return read_orders(db, plan, query, history);
        case SeriesKind::runs: return read_runs(db, plan, query, history);
        case SeriesKind::metric: return read_metric(db, plan, query, history);
    }
    return {};
}

/// Lists the values that `table` has for each source.
SqlStatus list_kept(Connection& db, const char* recent, const char* hours, bool sol_ark, std::vector<std::string>& names) {
    std::string columns, sql;
    for (const KeptValue& value : kept_values())
        if (const char* column = sol_ark ? value.sol_ark : value.victron)
            columns += ", max(" + std::string(column) + " IS NOT NULL) AS " + value.key;
    for (const char* table : {recent, hours}) sql += (sql.empty() ? "" : " UNION ALL ") + std::string("SELECT * FROM ") + table;
    Statement query = db.prepare("SELECT n.name" + columns + " FROM (" + sql + ") AS t JOIN sources AS n ON n.id = t." +
                                 (sol_ark ? "plant_id" : "source") + " GROUP BY n.name ORDER BY n.name");
    while (query.row())
        for (int i = 1; i < query.columns(); ++i)
            if (query.integer(i) != 0) names.push_back("source/" + query.text(0) + "." + query.column_name(i));
    return query.status();
}

SqlStatus list_words(Connection& db, const char* sql, std::vector<std::string>& names) {
    Statement query = db.prepare(sql);
    while (query.row()) names.push_back(query.text(0));
    return query.status();
}

/// Opens a file that cannot be written (a read-only card) without changing it.
Result<Connection> open_as_it_is(const std::string& path) {
    Result<Connection> db = Connection::open(path, OpenMode::read_only);
    if (!db) return db;
    db.value().busy_timeout(reader_busy_ms);
    if (!db.value().execute("PRAGMA schema_version").only_read() || file_size(path + "-wal") > 0) return db;
    return Connection::open(path, OpenMode::frozen);
}

}  // namespace

const char* name_of(Resolution resolution) {
    switch (resolution) {
        case Resolution::automatic: return "auto";
        case Resolution::raw: return "raw";
        case Resolution::minute: return "minute";
        case Resolution::hour: return "hour";
    }
    return "auto";
}

std::optional<Resolution> resolution_of(const std::string& name) {
    for (const auto each : {Resolution::automatic, Resolution::raw, Resolution::minute, Resolution::hour})
        if (name == name_of(each)) return each;
    return std::nullopt;
}

Resolution resolution_for(Utc from, Utc to, Utc now) {
    const std::int64_t length = seconds(to) - seconds(from), age = seconds(now) - seconds(from);
    if (length <= 6 * hour_s && age <= 72 * hour_s) return Resolution::raw;
    if (length <= 4 * day_s && age <= 400 * day_s) return Resolution::minute;
    return Resolution::hour;
}

Result<Connection> open_reader(const std::string& path) {
    if (!file_exists(path)) return Failure{Fault::absent, path + ": file not found"};
    Result<Connection> db = open_as_it_is(path);
    if (!db) return db;
    const Result<SchemaStatus> schema = schema_status(db.value(), built_in_migrations());
    if (!schema) return Failure{schema.failure().fault, path + ": " + schema.failure().text};
    if (!schema.value().pending.empty())
        return Failure{Fault::refused,
                       path + ": its schema is older than this program; start voltd, or run 'voltctl db migrate'"};
    return db;
}

Result<History> read_history(Connection& db, const HistoryQuery& query, Utc now) {
    const Result<SeriesPlan> plan = plan_of(query.series, query.sources);
    if (!plan) return plan.failure();
    History history{.series = query.series, .unit = "", .resolution = query.resolution, .step_s = 0, .points = {}};
    const SqlStatus done = read_series(db, plan.value(), query, now, history);
    if (!done.ok()) return done.failure(query.series);
    if (history.points.size() > most_points) return too_many(query);
    return history;
}

Result<std::vector<std::string>> list_series(Connection& db) {
    std::vector<std::string> names = {"battery.voltage_v", "battery.voltage_min_v", "battery.voltage_max_v", "battery.soc_pct",
                                      "battery.current_a", "battery.power_w",       "battery.temperature_c", "power.pv_w",
                                      "power.load_w",      "power.grid_w"};
    SqlStatus done = list_kept(db, "victron_battery_readings", "victron_battery_hours", false, names);
    if (done.ok()) done = list_kept(db, "solark_telemetry", "solark_hours", true, names);
    if (done.ok())
        done = list_words(db,
                          "SELECT 'miner/' || slug || c.column1 FROM miner_profiles, (VALUES ('.wanted'), "
                          "('.running')) AS c ORDER BY priority_level, slug, 1 DESC",
                          names);
    if (done.ok())
        done = list_words(db,
                          "SELECT 'zone/' || slug || c.column1 FROM hvac_zones, (VALUES ('.fan_wanted'), "
                          "('.heat')) AS c ORDER BY slug, 1",
                          names);
    if (done.ok())
        done = list_words(db,
                          "SELECT 'charge.order' UNION ALL SELECT * FROM (SELECT 'metric/' || name || "
                          "'.mean' FROM metric_names ORDER BY name)",
                          names);
    if (!done.ok()) return done.failure("series");
    return names;
}

Result<std::vector<WrittenDay>> read_written_per_day(Connection& db, int days) {
    // Does not use v_written_per_day, which reads all days.
    Statement rows = db.prepare(
        "SELECT date(at, 'unixepoch') AS day, round(sum(samples * mean) / 1e6, 2) FROM performance_metrics JOIN metric_names "
        "AS n ON n.id = metric WHERE n.name = 'store_bytes_written' AND at >= (SELECT max(at) / 86400 - ?1 + 1 FROM "
        "performance_metrics) * 86400 GROUP BY 1 ORDER BY 1 DESC");
    rows.bind(1, std::int64_t{days});
    std::vector<WrittenDay> found;
    while (rows.row()) found.push_back({rows.text(0), rows.real(1)});
    if (!rows.status().ok()) return rows.status().failure("bytes written");
    return found;
}

Result<std::vector<OutputProofRow>> read_output_proofs(Connection& db) {
    Statement rows = db.prepare(
        "SELECT at, output, dialect, lease_s, round(measured_s * 1000) FROM output_proofs WHERE id IN (SELECT max(id) FROM "
        "output_proofs GROUP BY output) ORDER BY output");
    std::vector<OutputProofRow> found;
    while (rows.row())
        found.push_back(
            {Utc{rows.integer(0)}, rows.text(1), rows.text(2), std::chrono::seconds{rows.integer(3)}, Duration{rows.integer(4)}});
    if (!rows.status().ok()) return rows.status().failure("output proofs");
    return found;
}

Result<std::vector<DecisionRow>> read_decisions(Connection& db, const DecisionQuery& query) {
    Statement rows = db.prepare(
        "SELECT at, load, \"from\", \"to\", reason, text, inputs, gates, shadow FROM decisions WHERE (?1 = '' OR load = ?1 OR "
        "load IN (?1 || '/fan', ?1 || '/heat')) AND (?2 = '' OR reason = ?2) AND at >= ?3 AND at < ?4 ORDER BY id DESC LIMIT ?5");
    rows.bind(1, query.load).bind(2, query.reason);
    rows.bind(3, query.from.value_or(Utc::min()).count()).bind(4, query.to.value_or(Utc::max()).count());
    rows.bind(5, std::clamp(query.limit, std::int64_t{1}, longest_list));
    std::vector<DecisionRow> found;
    while (rows.row())
        found.push_back({Utc{rows.integer(0)}, rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5), rows.text(6),
                         rows.text(7), rows.integer(8) != 0});
    if (!rows.status().ok()) return rows.status().failure("decisions");
    return found;
}

Result<std::vector<KeptEvent>> read_events(Connection& db, const EventQuery& query) {
    Statement rows = db.prepare(
        "SELECT id, at, level, kind, coalesce(subject, ''), message, coalesce(data, '') FROM events WHERE (?1 = '' OR kind = ?1) "
        "AND at >= ?2 AND at < ?3 AND (?5 = '' OR level = ?5) ORDER BY id DESC LIMIT ?4");
    rows.bind(1, query.kind).bind(5, query.level);
    rows.bind(2, query.from.value_or(Utc::min()).count()).bind(3, query.to.value_or(Utc::max()).count());
    rows.bind(4, std::clamp(query.limit, std::int64_t{1}, longest_list));
    std::vector<KeptEvent> found;
    while (rows.row())
        found.push_back(
            {rows.integer(0), Utc{rows.integer(1)}, rows.text(2), rows.text(3), rows.text(4), rows.text(5), rows.text(6)});
    if (!rows.status().ok()) return rows.status().failure("events");
    return found;
}

Result<std::vector<KeptRun>> read_runs(Connection& db, const RunQuery& query) {
    Statement rows = db.prepare(
        "SELECT load, started_at, stopped_at, start_reason, coalesce(stop_reason, ''), energy_wh FROM load_runs WHERE (?1 = '' "
        "OR load = ?1) AND started_at < ?3 AND (stopped_at IS NULL OR stopped_at >= ?2) ORDER BY started_at DESC, load LIMIT ?4");
    rows.bind(1, query.load);
    rows.bind(2, query.from.value_or(Utc::min()).count()).bind(3, query.to.value_or(Utc::max()).count());
    rows.bind(4, std::clamp(query.limit, std::int64_t{1}, longest_list));
    std::vector<KeptRun> found;
    while (rows.row()) {
        KeptRun& run = found.emplace_back();
        run.load = rows.text(0);
        run.from = Utc{rows.integer(1)};
        if (!rows.is_null(2)) run.to = Utc{rows.integer(2)};
        run.start_reason = rows.text(3);
        run.stop_reason = rows.text(4);
        if (!rows.is_null(5)) run.energy_wh = rows.integer(5);
    }
    if (!rows.status().ok()) return rows.status().failure("runs");
    return found;
}

}  // namespace volt
