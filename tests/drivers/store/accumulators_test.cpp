// Accumulators of metrics and polling, and the rows of history.
#include "drivers/store/telemetry/metrics_accumulator.hpp"
#include "drivers/store/telemetry/polling_accumulator.hpp"
#include "drivers/store/writer/history_rows.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace accumulators_test {

namespace {

constexpr Utc noon{1'750'507'200'000};

SourceHealth health(SourceState state, std::uint64_t failures = 0, std::uint64_t consecutive = 0) {
    SourceHealth h;
    h.name = "sol_ark";
    h.state = state;
    h.ever_succeeded = true;
    h.successes = 100;
    h.failures = failures;
    h.consecutive_failures = consecutive;
    if (consecutive > 0) h.last_error = "no answer in 1500 ms";
    h.rtt = 7ms;
    return h;
}

void write(PollingAccumulator& accumulator, Connection& db) {
    const SqlStatus done = accumulator.write(db);
    REQUIRE_MESSAGE(done.ok(), done.text);
    accumulator.written();
}

}  // namespace

TEST_CASE("metrics: joins a quarter of an hour after a restart") {
    Connection db = new_schema();
    MetricsAccumulator accumulator;
    for (int i = 0; i < 900; ++i) accumulator.add("loop_ms", i % 3, noon + i * 1s);
    CHECK(accumulator.waiting() == 0);
    accumulator.add("loop_ms", 50, noon + 900s);
    CHECK(accumulator.waiting() == 1);
    REQUIRE(accumulator.write(db).ok());
    CHECK(accumulator.written() == 1);
    CHECK(db.text("SELECT metric || ' ' || samples || ' ' || mean || ' ' || min || ' ' || max FROM v_performance_metrics") ==
          "loop_ms 900 1.0 0.0 2.0");
    accumulator.finish();
    REQUIRE(accumulator.write(db).ok());
    accumulator.written();
    MetricsAccumulator later;
    later.add("loop_ms", 150, noon + 1000s);
    later.finish();
    REQUIRE(later.write(db).ok());
    CHECK(db.text("SELECT samples || ' ' || mean || ' ' || max FROM performance_metrics ORDER BY at DESC LIMIT 1") ==
          "2 100.0 150.0");
}

TEST_CASE("metrics: drops and counts non-numbers and surplus names") {
    MetricsAccumulator accumulator;
    accumulator.add("x", std::numeric_limits<double>::quiet_NaN(), noon);
    for (std::size_t i = 0; i < MetricsAccumulator::most_names + 1; ++i) accumulator.add("m" + std::to_string(i), 1, noon);
    CHECK(accumulator.dropped() == 2);
}

TEST_CASE("polling_status: keeps one row per source") {
    Connection db = new_schema();
    PollingAccumulator accumulator;
    CHECK_FALSE(accumulator.state_changed());
    accumulator.note(health(SourceState::ok), noon);
    CHECK(accumulator.state_changed());
    write(accumulator, db);
    CHECK_FALSE(accumulator.state_changed());
    CHECK_FALSE(accumulator.anything_new());
    accumulator.note(health(SourceState::ok), noon + 5s);
    accumulator.note(health(SourceState::failing, 1, 1), noon + 10s);
    CHECK(accumulator.state_changed());
    write(accumulator, db);
    CHECK(db.text("SELECT state || ' ' || (state_since - 1750507200000) || ' ' || (last_success_at - 1750507200000) || "
                  "' ' || "
                  "(last_error_at - 1750507200000) || ' ' || last_error || ' ' || failures || ' ' || rtt_mean_ms "
                  "FROM polling_status") == "failing 10000 5000 10000 no answer in 1500 ms 1 7");
    CHECK(db.number("SELECT count(*) FROM polling_status") == 1);
}

TEST_CASE("health_checks: writes at most one row per flapping source") {
    Connection db = new_schema();
    PollingAccumulator accumulator;
    for (std::uint64_t i = 0; i < 100; ++i)
        accumulator.note(health(i % 2 == 0 ? SourceState::ok : SourceState::failing, i, i % 2), noon + std::chrono::seconds(i));
    write(accumulator, db);
    accumulator.note(health(SourceState::failing, 100, 2), noon + 200s);
    write(accumulator, db);
    CHECK(db.number("SELECT count(*) FROM health_checks") == 1);
    accumulator.note(health(SourceState::ok, 100), noon + 300s);
    write(accumulator, db);
    CHECK(db.text("SELECT part || ' ' || state || ' ' || since FROM health_summary") == "sol_ark ok 2025-06-21T12:05:00Z");
}

TEST_CASE("history: stores rows of every kind") {
    Connection db = new_schema();
    REQUIRE(write_row(db, DecisionRow{noon, "dump-load-s19-1", "off", "on", "running", "it runs", "{}", "[]"}).ok());
    REQUIRE(write_row(db, EventRow{noon + 1s, "warning", "source", "sol_ark", "silent", ""}).ok());
    REQUIRE(write_row(db, CommandRow{noon + 2s, "primary-s21", "on", "running", true, 2, 180ms}).ok());
    REQUIRE(write_row(db, CommandRow{noon + 3s, "primary-s21", "off", "voltage", false, 3, std::nullopt}).ok());
    CHECK(db.number("SELECT count(*) FROM recent_activity") == 4);
    CHECK(db.text("SELECT text FROM recent_activity LIMIT 1") == "off (voltage), not confirmed, tries: 3");
    CHECK(db.text("SELECT at || ' ' || \"from\" || ' ' || \"to\" || ' ' || gates FROM v_decisions") ==
          "2025-06-21T12:00:00Z off on []");
    CHECK(db.text("SELECT coalesce(data, 'none') FROM v_events") == "none");
    CHECK_FALSE(write_row(db, EventRow{noon, "loud", "x", "", "", ""}).ok());
}

TEST_CASE("history: an event of kind health is a health check") {
    Connection db = new_schema();
    for (const char* level : {"error", "warning", "info"})
        REQUIRE(write_row(db, EventRow{noon, level, "health", "mqtt", "text", ""}).ok());
    CHECK(db.text("SELECT group_concat(state) FROM health_checks") == "down,degraded,ok");
    CHECK(db.number("SELECT count(*) FROM events") == 0);
}

TEST_CASE("history: a run reported twice is one row") {
    Connection db = new_schema();
    RunRow run{"m", noon, std::nullopt, "running", "", std::nullopt};
    REQUIRE(write_row(db, HistoryRow(run)).ok());
    run.stopped = noon + 3600s;
    run.stop_reason = "voltage";
    run.energy_wh = 3200;
    REQUIRE(write_row(db, HistoryRow(run)).ok());
    CHECK(db.text("SELECT count(*) || ' ' || hours FROM v_runtime_per_day") == "1 1.0");
    run.stopped = noon - 60s;
    REQUIRE(write_row(db, HistoryRow(run)).ok());
    CHECK(db.number("SELECT stopped_at - started_at FROM load_runs") == 0);
}

TEST_CASE("rule state: replaces its one row") {
    Connection db = new_schema();
    REQUIRE(write_rule_state(db, "{\"v\":1}", noon).ok());
    REQUIRE(write_rule_state(db, "{\"v\":2}", noon + 1s).ok());
    CHECK(db.text("SELECT group_concat(state) FROM rule_state") == "{\"v\":2}");
}

}  // namespace accumulators_test
