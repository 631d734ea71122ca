#include "drivers/store/telemetry/retention.hpp"

#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace retention_test {

namespace {

constexpr std::int64_t noon_s = 1'750'507'200;
constexpr Utc noon{noon_s * 1000};

/// Fills raw rows every 10 s from `from_s`; the voltage rises by one step per row.
void fill_raw(Connection& db, std::int64_t from_s, std::int64_t rows) {
    must(db, "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " + std::to_string(rows) +
                 ") INSERT INTO victron_battery_readings (id, voltage, voltage_min, voltage_max, power) "
                 "SELECT (" +
                 std::to_string(from_s) + " + i * 10) * 256 + 1, 5000 + i % 6, 4990 + i % 6, 5010 + i % 6, NULL FROM n");
    must(db, "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " + std::to_string(rows) +
                 ") INSERT INTO solark_telemetry (timestamp, batt_voltage, pv_power) SELECT " + std::to_string(from_s) +
                 " + i * 10, 5000, i FROM n");
}

bool roll(Connection& db, Utc now) {
    bool more = false;
    const SqlStatus done = roll_up(db, now, more);
    REQUIRE_MESSAGE(done.ok(), done.text);
    return more;
}

void remove(Connection& db, Utc now, const Retention& keep = {}) {
    const SqlStatus done = remove_old(db, now, keep);
    REQUIRE_MESSAGE(done.ok(), done.text);
}

std::int64_t count(Connection& db, const std::string& table) { return db.number("SELECT count(*) FROM " + table).value(); }

}  // namespace

TEST_CASE("roll-up: covers whole hours only, and is repeatable") {
    Connection db = new_schema();
    fill_raw(db, noon_s - 3600, 370);  // an hour and 100 s
    CHECK_FALSE(roll(db, noon + 100s));
    CHECK(count(db, "victron_battery_minutes") == 60);
    CHECK(count(db, "victron_battery_hours") == 1);
    CHECK(count(db, "solark_minutes") == 60);
    CHECK(db.text("SELECT voltage || ' ' || voltage_min || ' ' || voltage_max || coalesce(power, ' NULL') FROM "
                  "victron_battery_minutes ORDER BY taken_at LIMIT 1") == "5003 4990 5015 NULL");
    CHECK(db.number("SELECT taken_at FROM victron_battery_hours") == noon_s - 3600);
    CHECK(db.number("SELECT pv_power FROM solark_hours") == 180);
    roll(db, noon + 200s);
    CHECK(count(db, "victron_battery_minutes") == 60);
}

TEST_CASE("roll-up: covers six hours per call, over gaps") {
    Connection db = new_schema();
    fill_raw(db, noon_s - 48 * 3600, 360 * 10);
    fill_raw(db, noon_s - 3600, 360);
    int calls = 1;
    while (roll(db, noon)) REQUIRE(++calls < 20);
    CHECK(calls == 3);
    CHECK(count(db, "victron_battery_minutes") == 660);
    CHECK(count(db, "victron_battery_hours") == 11);
}

TEST_CASE("roll-up: continues past rows of a clock that ran ahead") {
    Connection db = new_schema();
    must(db, "INSERT INTO victron_battery_minutes (id) VALUES (4000000000 * 256 + 1)");
    fill_raw(db, noon_s - 3600, 360);
    roll(db, noon);
    CHECK(count(db, "victron_battery_minutes") == 61);
}

TEST_CASE("removes raw rows after 72 h, once rolled up") {
    Connection db = new_schema();
    fill_raw(db, noon_s - 80 * 3600, 360 * 80);
    remove(db, noon);
    CHECK(count(db, "victron_battery_readings") == 360 * 80);
    while (roll(db, noon)) {}
    remove(db, noon);
    CHECK(count(db, "victron_battery_readings") == 360 * 74);
    for (int i = 0; i < 10; ++i) remove(db, noon);
    CHECK(count(db, "victron_battery_readings") == 360 * 72);
    CHECK(count(db, "solark_telemetry") == 360 * 72);
    CHECK(count(db, "victron_battery_minutes") == 60 * 80);
}

TEST_CASE("removes minutes after 400 days, and logs by age and number") {
    Connection db = new_schema();
    must(db,
         "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 402) INSERT INTO "
         "victron_battery_minutes (id) SELECT (" +
             std::to_string(noon_s - 43200) +
             " - i * 86400) * 256 + 1 FROM n;"
             "INSERT INTO victron_battery_hours (id) SELECT id FROM victron_battery_minutes;"
             "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 3000) INSERT INTO events "
             "(at, level, kind, message) SELECT " +
             std::to_string(noon.count()) + " - (3000 - i) * 86400000, 'info', 'x', 'x' FROM n");
    for (int i = 0; i < 5; ++i) remove(db, noon);
    CHECK(count(db, "victron_battery_minutes") == 401);
    CHECK(count(db, "victron_battery_hours") == 402);
    CHECK(count(db, "events") == 400);
    Retention few;
    few.most_rows = 100;
    few.most_settings = 2;
    remove(db, noon, few);
    CHECK(count(db, "events") == 100);
    CHECK(db.number("SELECT max(id) - min(id) FROM events") == 99);
    CHECK(count(db, "settings_history") == 2);
}

TEST_CASE("making room removes raw rows, then minutes, then events") {
    Connection db = new_schema();
    fill_raw(db, noon_s - 12 * 3600, 360 * 12);
    while (roll(db, noon)) {}
    must(db,
         "INSERT INTO events (at, level, kind, message) VALUES (1, 'info', 'x', 'x');"
         "INSERT INTO decisions (at, load, \"from\", \"to\", reason, text) VALUES (1, 'm', 'off', 'on', 'x', 'x');"
         "INSERT INTO health_checks (at, part, state) VALUES (1, 'x', 'ok'); INSERT INTO metric_names VALUES (1, 'x');"
         "INSERT INTO performance_metrics VALUES (1, 1, 1, 1, 1, 1)");
    std::int64_t removed = 0;
    REQUIRE(make_room(db, removed).ok());
    CHECK(removed == 360 * 6);
    CHECK(count(db, "victron_battery_minutes") == 720);
    int rounds = 0;
    while (removed > 0 && ++rounds < 20) {
        // Decisions are removed last.
        if (count(db, "events") + count(db, "performance_metrics") + count(db, "health_checks") > 0)
            CHECK(count(db, "decisions") == 1);
        REQUIRE(make_room(db, removed).ok());
    }
    CHECK(count(db, "decisions") + count(db, "performance_metrics") + count(db, "health_checks") == 0);
    CHECK(removed == 0);
    CHECK(count(db, "victron_battery_minutes") + count(db, "solark_telemetry") + count(db, "events") == 0);
    CHECK(count(db, "victron_battery_hours") == 12);
    CHECK(count(db, "user_preferences") == 1);
}

}  // namespace retention_test
