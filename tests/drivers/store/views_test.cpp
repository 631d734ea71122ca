// Results for an owner in sqlite3: each view with real rows, and every query of schema/database.md.
#include <fstream>
#include <sstream>

#include "drivers/store/telemetry/polling_accumulator.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"
#include "drivers/store/telemetry/retention.hpp"
#include "drivers/store/writer/history_rows.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace {

std::int64_t now_s() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

SourceReading reading(const char* name, std::int64_t centivolts, std::int64_t watts) {
    SourceReading r;
    r.name = name;
    r.voltage = Volts{centivolts};
    r.battery_current = Amps{watts * 2};
    r.battery_power = Watts{watts};
    if (r.name == "sol_ark") r.pv = 4000_W;
    return r;
}

/// Fills ten hours of three sources up to `until`, rolled up.
void fill(Connection& db, std::int64_t until) {
    RawRows rows(30s, 20000);
    for (std::int64_t t = until - 36000; t < until; t += 30) {
        rows.add(reading("victron.system", 5200, 100), Utc{t * 1000});
        rows.add(reading("victron.battery", 5210 + (t / 30 % 2), 600), Utc{t * 1000});
        rows.add(reading("sol_ark", 5220, -50), Utc{t * 1000});
    }
    rows.finish();
    REQUIRE(rows.write(db).ok());
    bool more = true;
    while (more) REQUIRE(roll_up(db, Utc{until * 1000}, more).ok());
}

std::string all_of(Connection& db, const std::string& sql) {
    Statement query = db.prepare(sql);
    std::string text;
    while (query.row()) {
        if (!text.empty()) text += '\n';
        for (int i = 0; i < query.columns(); ++i) text += (i > 0 ? " " : "") + (query.is_null(i) ? "-" : query.text(i));
    }
    REQUIRE_MESSAGE(query.status().ok(), sql, ": ", query.status().text);
    return text;
}

}  // namespace

TEST_CASE("v_battery_latest: one row per active source") {
    Connection db = new_schema();
    CHECK(all_of(db, "SELECT * FROM v_battery_latest").empty());
    const std::int64_t end = now_s() / 30 * 30;
    fill(db, end);
    RawRows gone(30s, 10);
    gone.add(reading("victron.vebus", 5300, 1), Utc{(end - 7 * 3600) * 1000});
    gone.finish();
    REQUIRE(gone.write(db).ok());
    const std::string at =
        db.text("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', " + std::to_string(end - 30) + ", 'unixepoch')").value();
    CHECK(all_of(db, "SELECT taken_at, source, voltage, current, power FROM v_battery_latest ORDER BY source") ==
          at + " sol_ark 52.2 -1.0 -50\n" + at + " victron.battery " + (end / 30 % 2 == 0 ? "52.11" : "52.1") + " 12.0 600\n" +
              at + " victron.system 52.0 2.0 100");
}

TEST_CASE("v_battery_last_hour: has means and extremes of an hour") {
    Connection db = new_schema();
    fill(db, now_s() - 3700);
    CHECK(all_of(db, "SELECT * FROM v_battery_last_hour").empty());
    fill(db, now_s() / 30 * 30);
    const std::string rows = all_of(
        db,
        "SELECT source, samples BETWEEN 119 AND 121, voltage_mean, voltage_min, voltage_max, power_mean FROM v_battery_last_hour "
        "ORDER BY source");
    CHECK(rows.find("victron.system 1 52.0 52.0 52.0 100.0") != std::string::npos);
    CHECK(rows.find("victron.battery 1 52.1") != std::string::npos);
    CHECK(rows.find(" 52.1 52.11 600.0") != std::string::npos);
    CHECK(rows.find("sol_ark 1 52.2 52.2 52.2 -50.0") != std::string::npos);
}

TEST_CASE("health_summary: has the newest state of each part, with its start") {
    Connection db = new_schema();
    const Utc noon{1'750'507'200'000};
    for (const auto& [minute, part, level] : {std::tuple{0, "mqtt", "info"}, {1, "mqtt", "error"}, {2, "store", "warning"}})
        REQUIRE(write_row(db, EventRow{noon + std::chrono::minutes(minute), level, "health", part, "text", ""}).ok());
    CHECK(all_of(db, "SELECT part, state, since FROM health_summary ORDER BY part") ==
          "mqtt down 2025-06-21T12:01:00Z\nstore degraded 2025-06-21T12:02:00Z");
}

TEST_CASE("recent_activity: sorts decisions, events and commands by millisecond") {
    Connection db = new_schema();
    const Utc noon{1'750'507'200'000};
    REQUIRE(write_row(db, CommandRow{noon + 30ms, "primary-s21", "on", "running", true, 1, 180ms}).ok());
    REQUIRE(write_row(db, EventRow{noon + 20ms, "info", "miner", "m", "starts", ""}).ok());
    REQUIRE(write_row(db, DecisionRow{noon + 10ms, "m", "off", "on", "running", "it starts", "{}", "[]"}).ok());
    REQUIRE(write_row(db, EventRow{noon, "info", "stage", "", "optimal", ""}).ok());
    CHECK(all_of(db, "SELECT what FROM recent_activity") == "command\nminer\ndecision\nstage");
    for (int i = 0; i < 300; ++i) REQUIRE(write_row(db, EventRow{noon + 1s, "info", "x", "", "y", ""}).ok());
    CHECK(db.number("SELECT count(*) FROM recent_activity") == 200);
}

TEST_CASE("v_runtime_per_day: splits runs at midnight and ends open ones") {
    Connection db = new_schema();
    const Utc day{1'750'464'000'000};  // 2025-06-21T00:00:00Z
    REQUIRE(write_row(db, RunRow{"m", day - 2h, day + 3h, "running", "voltage", 100}).ok());
    REQUIRE(write_row(db, RunRow{"m", day + 5h, std::nullopt, "running", "", std::nullopt}).ok());
    REQUIRE(write_row(db, RunRow{"m", day + 6h, day + 6h + 30min, "running", "voltage", 50}).ok());
    REQUIRE(write_row(db, RunRow{"n", day + 1h, day + 49h, "running", "voltage", 50}).ok());
    CHECK(all_of(db, "SELECT day, load, runs, hours FROM v_runtime_per_day ORDER BY load, day") ==
          "2025-06-20 m 1 2.0\n2025-06-21 m 3 4.5\n2025-06-21 n 1 23.0\n2025-06-22 n 1 24.0\n2025-06-23 n 1 1.0");
}

TEST_CASE("v_written_per_day adds the bytes of all batches of a day") {
    Connection db = new_schema();
    must(db,
         "INSERT INTO metric_names (id, name) VALUES (1, 'store_bytes_written'), (2, 'loop_ms');"
         "INSERT INTO performance_metrics VALUES (1750507200, 1, 3, 40000, 1, 1), (1750508100, 1, 3, 60000, 1, 1), "
         "(1750508100, 2, 900, 2, 1, 3)");
    CHECK(all_of(db, "SELECT * FROM v_written_per_day") == "2025-06-21 0.3");
}

TEST_CASE("every query in the schema's README finds rows") {
    Connection db = new_schema();
    fill(db, now_s() / 30 * 30);
    const Utc now{now_s() * 1000};
    REQUIRE(write_row(db, DecisionRow{now, "primary-s21-revenue", "off", "on", "running", "it starts", R"([{"name":"x"}])", "[]"})
                .ok());
    REQUIRE(write_row(db, CommandRow{now, "primary-s21", "on", "running", true, 1, 180ms}).ok());
    REQUIRE(write_row(db, RunRow{"primary-s21-revenue", now, std::nullopt, "running", "", std::nullopt}).ok());
    PollingAccumulator polling;
    SourceHealth health;
    health.name = "sol_ark";
    polling.note(health, now);
    REQUIRE(polling.write(db).ok());
    std::ifstream file(VOLT_SOURCE_DIR "/schema/database.md");
    std::stringstream text;
    text << file.rdbuf();
    const std::string readme = text.str();
    const std::string fence = "```", sql_fence = fence + "sql\n";
    int queries = 0;
    for (auto at = readme.find(sql_fence); at != std::string::npos; at = readme.find(sql_fence, at)) {
        at += sql_fence.size();
        std::string sql = readme.substr(at, readme.find(fence, at) - at);
        for (auto end = sql.find(";\n"); end != std::string::npos; sql.erase(0, end + 2), end = sql.find(";\n"), ++queries) {
            const std::string query = sql.substr(0, end);
            CHECK_MESSAGE(!all_of(db, query).empty(), query);
        }
    }
    CHECK(queries >= 10);
}
