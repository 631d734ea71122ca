#include "tests/bench/store_aged.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <thread>

#include "drivers/store/recovery/database.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/store/writer/open.hpp"

namespace volt::bench {

namespace {

using Steady = std::chrono::steady_clock;
constexpr int days = 400, runs = 11;

double ms_since(Steady::time_point begin) { return std::chrono::duration<double, std::milli>(Steady::now() - begin).count(); }

void must(Connection& db, const std::string& sql) {
    if (const SqlStatus done = db.execute(sql); !done.ok()) throw std::runtime_error(done.text + " in " + sql.substr(0, 80));
}

/// Inserts `count` rows ending now, `step_s` apart.
void fill(Connection& db, const std::string& unit_table, const std::string& sol_table, std::int64_t step_s, std::int64_t count) {
    const std::string n = "WITH RECURSIVE n (t) AS (SELECT (unixepoch() / 3600 * 3600) - " + std::to_string(step_s * count) +
                          " UNION ALL SELECT t + " + std::to_string(step_s) + " FROM n WHERE t + " + std::to_string(step_s) +
                          " < unixepoch() / 3600 * 3600) ";
    must(
        db,
        n + "INSERT INTO " + unit_table +
            " (id, voltage, voltage_min, voltage_max, current, power, soc, temperature, state, pv_power, load_power, grid_power) "
            "SELECT t * 256 + s.column1, 5200 + abs(random()) % 300, 5100, 5600, random() % 9000, random() % 5000, abs(random()) "
            "% 10000, "
            "185, 1, abs(random()) % 9000, abs(random()) % 5000, 0 FROM n, (VALUES (1), (2)) AS s ORDER BY 1");
    must(
        db,
        n + "INSERT INTO " + sol_table +
            " (timestamp, batt_voltage, batt_voltage_min, batt_voltage_max, batt_current, batt_power, soc, pv_power, load_power, "
            "grid_power, pv_voltage, pv_current) SELECT t, 5200 + abs(random()) % 300, 5100, 5600, random() % 9000, random() % "
            "5000, "
            "6500, abs(random()) % 9000, abs(random()) % 5000, 0, 36000, 2000 FROM n");
}

void fill_history(Connection& db) {
    const std::string n =
        "WITH RECURSIVE n (i, at) AS (SELECT 0, (unixepoch() - 400 * 86400) * 1000 UNION ALL SELECT i + 1, at + 4320000 FROM n "
        "WHERE i + 1 < 8000) ";
    must(db,
         n + "INSERT INTO decisions (at, load, \"from\", \"to\", reason, text, inputs, gates) SELECT at, iif(i % 3 = 0, "
             "'heat-room/fan', "
             "iif(i % 3 = 1, 'primary-s21-revenue', 'dump-load-s19-1')), 'off', 'on', iif(i % 7 = 0, 'voltage', 'running'), "
             "'It starts: 52.30 V is above its start voltage of 50.00 V', '{\"x\":\"' || hex(zeroblob(300)) || '\"}', '[\"' || "
             "hex(zeroblob(400)) || '\"]' FROM n");
    must(db,
         n + "INSERT INTO events (at, level, kind, subject, message, data) SELECT at, 'info', 'miner', 'primary-s21-revenue', "
             "'It starts', '{\"x\":\"' || hex(zeroblob(100)) || '\"}' FROM n");
    must(db, n + "INSERT INTO relay_commands (at, output, \"order\", reason, confirmed, tries, latency_ms) SELECT at, "
                 "'primary-s21', 'on', "
                 "'running', 1, 1, 180 FROM n");
    must(db, n + "INSERT INTO load_runs SELECT 'primary-s21-revenue', at, at + 2000000, 'running', 'voltage', 2000 FROM n");
}

/// Returns the CPU time of this thread, which excludes other work on the machine.
double cpu_ms() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

/// Times a query. Each run opens a new connection, so that SQLite's cache is empty; the system's cache is warm.
Figure timed(const std::string& path, const std::string& what, double goal_ms, const std::function<void(Connection&)>& query) {
    std::vector<double> times, used;
    for (int run = 0; run < runs; ++run) {
        Result<Connection> db = open_reader(path);
        if (!db) throw std::runtime_error(db.failure().text);
        const auto begin = Steady::now();
        const double before = cpu_ms();
        query(db.value());
        used.push_back(cpu_ms() - before);
        times.push_back(ms_since(begin));
    }
    std::sort(times.begin(), times.end());
    std::sort(used.begin(), used.end());
    return {what, used[runs / 2], times.front(), times.back(), "ms", goal_ms};
}

void read_all(Connection& db, const std::string& sql) {
    Statement query = db.prepare(sql);
    int rows = 0;
    while (query.row()) ++rows;
    if (rows == 0 || !query.status().ok()) throw std::runtime_error("nothing came of " + sql + ": " + query.status().text);
}

void read_one(Connection& db, const std::string& series, Duration last, Resolution resolution, std::size_t least) {
    const Utc now{std::chrono::duration_cast<Utc>(std::chrono::system_clock::now().time_since_epoch())};
    const auto history = read_history(db, {series, now - last, now, resolution, {}}, now);
    if (!history || history.value().points.size() < least) throw std::runtime_error("too little came of " + series);
}

void read_some(Connection& db, const DecisionQuery& query) {
    const auto rows = read_decisions(db, query);
    if (!rows || rows.value().empty()) throw std::runtime_error("no decision");
}

}  // namespace

void make_aged(const std::string& path) {
    Result<OpenedDatabase> opened = open_database(path, built_in_migrations(), {});
    if (!opened) throw std::runtime_error(opened.failure().text);
    Connection& db = opened.value().connection;
    must(db, "PRAGMA synchronous = OFF; BEGIN; INSERT INTO sources (id, name) VALUES (2, 'victron.battery')");
    fill(db, "victron_battery_minutes", "solark_minutes", 60, days * 1440);
    fill(db, "victron_battery_hours", "solark_hours", 3600, days * 24);
    fill(db, "victron_battery_readings", "solark_telemetry", 30, 78 * 120);
    fill_history(db);
    must(db, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
}

std::vector<Figure> measure_aged(const std::string& path) {
    std::vector<Figure> figures;
    const double megabytes = static_cast<double>(file_size(path)) / 1e6;
    figures.push_back({"database after 400 days", megabytes, megabytes, megabytes, "MB", 0});
    const auto add = [&](const char* what, double goal, const std::function<void(Connection&)>& query) {
        figures.push_back(timed(path, what, goal, query));
    };
    add("latest reading (v_battery_latest)", 1, [](Connection& db) { read_all(db, "SELECT * FROM v_battery_latest"); });
    add("a day of minutes (battery.voltage_v)", 20,
        [](Connection& db) { read_one(db, "battery.voltage_v", 24h, Resolution::minute, 1380); });
    add("policy load (read_settings)", 5, [](Connection& db) {
        if (!read_settings(db, Settings{})) throw std::runtime_error("no settings");
    });
    add("history: 6 h of raw rows", 0, [](Connection& db) { read_one(db, "battery.voltage_v", 6h, Resolution::raw, 100); });
    add("history: 30 days of hours", 0, [](Connection& db) { read_one(db, "power.pv_w", 24h * 30, Resolution::automatic, 700); });
    add("history: 400 days of hours", 0,
        [](Connection& db) { read_one(db, "power.pv_w", 24h * 400, Resolution::automatic, 9000); });
    add("history: a miner's orders, 400 days", 0,
        [](Connection& db) { read_one(db, "miner/primary-s21-revenue.wanted", 24h * 400, Resolution::automatic, 2000); });
    add("decisions: the last 50", 0, [](Connection& db) { read_some(db, {}); });
    add("decisions: one load and reason, of 8,000", 0, [](Connection& db) {
        read_some(db, {.load = "dump-load-s19-1", .reason = "voltage", .from = {}, .to = {}, .limit = 10000});
    });
    add("recent_activity", 0, [](Connection& db) { read_all(db, "SELECT * FROM recent_activity"); });
    add("v_battery_last_hour", 0, [](Connection& db) { db.prepare("SELECT * FROM v_battery_last_hour").run(); });
    add("v_runtime_per_day, 400 days", 0, [](Connection& db) { read_all(db, "SELECT * FROM v_runtime_per_day"); });
    return figures;
}

std::vector<Figure> measure_posts(const std::string& path) {
    StoreOptions options;
    options.batch = 20ms;  // the writer works during the whole measurement
    options.check_every = 1ms;
    Result<OpenedStore> opened = open_store(path, options);
    if (!opened) throw std::runtime_error(opened.failure().text);
    Store& store = *opened.value().store;
    std::vector<double> us;
    Utc at{1'750'507'200'000};
    const auto post = [&](const auto& act) {
        const auto begin = Steady::now();
        act();
        us.push_back(ms_since(begin) * 1000);
    };
    SourceReading reading;
    reading.name = "victron.battery";
    reading.voltage = 5230_cV;
    for (int i = 0; i < 20000; ++i) {
        at += 1s;
        post([&] { store.record(reading, at); });
        if (i % 100 == 0) post([&] { store.record(DecisionRow{at, "m", "off", "on", "running", "text", "{}", "[]"}); });
        if (i % 100 == 0) post([&] { store.save_rule_state("{" + std::to_string(i) + "}", at, false); });
        if (i % 100 == 0) post([&] { static_cast<void>(store.take_new_settings()); });
        if (i % 10 == 0) post([&] { static_cast<void>(store.health()); });
        if (i % 100 == 0)
            std::this_thread::sleep_for(2ms);  // otherwise the queue would be full, which is a different
                                               // measurement
    }
    const StoreHealth health = store.health();
    store.close(10s);
    std::sort(us.begin(), us.end());
    const double middle = us[us.size() / 2], nearly_all = us[us.size() * 999 / 1000];
    return {{"a post, the middle of " + std::to_string(us.size()), middle, us.front(), us.back(), "us", 0},
            {"a post, 999 of 1,000", nearly_all, us.front(), us.back(), "us", 0},
            {"rows dropped meanwhile", static_cast<double>(health.dropped), 0, static_cast<double>(health.dropped), "", 0}};
}

}  // namespace volt::bench
