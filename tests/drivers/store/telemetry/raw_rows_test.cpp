#include "drivers/store/telemetry/raw_rows.hpp"

#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace raw_rows_test {

namespace {

constexpr Utc noon{1'750'507'200'000};  // 2025-06-21T12:00:00Z

SourceReading battery(std::int64_t centivolts) {
    SourceReading r;
    r.name = "victron.battery";
    r.voltage = Volts{centivolts};
    return r;
}

void write(RawRows& rows, Connection& db) {
    const SqlStatus done = rows.write(db);
    REQUIRE_MESSAGE(done.ok(), done.text);
    rows.written();
}

}  // namespace

TEST_CASE("a slot is one row: mean, lowest, highest and last state") {
    Connection db = new_schema();
    RawRows rows(10s, 100);
    for (int i = 0; i < 10; ++i) {
        SourceReading r = battery(5230 + i);
        r.battery_power = Watts{-600 - i};
        r.battery_state = i;
        if (i < 5) r.battery_temperature = Celsius{-5};
        rows.add(r, noon + i * 1s);
    }
    CHECK(rows.waiting() == 0);
    rows.add(battery(5000), noon + 10s);
    CHECK(rows.waiting() == 1);
    write(rows, db);
    CHECK(rows.waiting() == 0);
    CHECK(db.text("SELECT taken_at || ' ' || voltage || ' ' || voltage_min || ' ' || voltage_max || ' ' || power || ' "
                  "' || state "
                  "|| ' ' || temperature FROM victron_battery_readings") == "1750507200 5235 5230 5239 -605 9 -5");
    CHECK(db.number("SELECT count(*) FROM victron_battery_readings WHERE current IS NULL AND soc IS NULL") == 2);
}

TEST_CASE("each source has its own rows, the Sol-Ark its table") {
    Connection db = new_schema();
    RawRows rows(10s, 100);
    SourceReading sol = battery(5220);
    sol.name = "sol_ark";
    sol.pv = 8450_W;
    sol.grid = Watts{-300};
    sol.pv_voltage = 36100_cV;
    sol.pv_current = Amps{2345};
    rows.add(sol, noon);
    rows.add(battery(5230), noon);
    SourceReading system = battery(5240);
    system.name = "victron.system";
    rows.add(system, noon);
    rows.finish();
    write(rows, db);
    CHECK(db.number("SELECT count(*) FROM victron_battery_readings") == 2);
    CHECK(db.text("SELECT plant_id || batt_voltage || ' ' || pv_voltage || ' ' || pv_current || ' ' || grid_power FROM "
                  "v_solark_telemetry") == "sol_ark52.2 361.0 23.45 -300");
    CHECK(db.text("SELECT source FROM v_victron_battery_readings WHERE voltage = 52.4") == "victron.system");
}

TEST_CASE("no data leaves no row, and silence ends a slot") {
    Connection db = new_schema();
    RawRows rows(10s, 100);
    SourceReading empty;
    empty.name = "victron.vebus";
    rows.add(empty, noon);
    rows.add(battery(5230), noon + 1s);
    rows.finish_before(noon + 9s);
    CHECK(rows.waiting() == 0);
    rows.finish_before(noon + 10s);
    CHECK(rows.waiting() == 1);
    write(rows, db);
    CHECK(db.number("SELECT count(*) FROM victron_battery_readings") == 1);
}

TEST_CASE("writes the open slot so far, and then completely") {
    Connection db = new_schema();
    RawRows rows(30s, 100);
    rows.add(battery(5200), noon + 1s);
    write(rows, db);
    CHECK(rows.waiting() == 0);
    CHECK(db.number("SELECT voltage FROM victron_battery_readings") == 5200);
    rows.add(battery(5300), noon + 29s);
    rows.add(battery(5400), noon + 30s);
    write(rows, db);
    CHECK(db.text("SELECT group_concat(voltage) FROM victron_battery_readings") == "5250,5400");
}

TEST_CASE("a wall clock that goes back overwrites rows") {
    Connection db = new_schema();
    RawRows rows(10s, 100);
    for (const Utc at : {noon, noon + 10s, noon - 3600s, noon + 0s, noon + 20s}) rows.add(battery(5230), at);
    rows.finish();
    write(rows, db);
    CHECK(db.number("SELECT count(*) FROM victron_battery_readings") == 4);
}

TEST_CASE("bounds rows and sources, and counts dropped ones") {
    Connection db = new_schema();
    RawRows rows(10s, 3);
    for (int i = 0; i < 6; ++i) rows.add(battery(5230 + i), noon + i * 10s);
    CHECK(rows.waiting() == 3);
    CHECK(rows.dropped() == 2);
    write(rows, db);
    CHECK(db.number("SELECT min(voltage) FROM victron_battery_readings") == 5232);
    for (std::size_t i = 0; i < RawRows::most_sources + 5; ++i) {
        SourceReading r = battery(5230);
        r.name = "s" + std::to_string(i);
        rows.add(r, noon);
    }
    CHECK(rows.dropped() == 2 + 6);  // one place was taken already
}

TEST_CASE("skips and counts a row that cannot be stored") {
    Connection db = new_schema();
    RawRows rows(10s, 10);
    SourceReading bad = battery(5230);
    bad.name = std::string(65, 'x');
    rows.add(bad, noon);
    rows.add(battery(5230), noon);
    rows.finish();
    write(rows, db);
    CHECK(rows.waiting() == 0);
    CHECK(rows.dropped() == 1);
    CHECK(db.number("SELECT count(*) FROM victron_battery_readings") == 1);
}

TEST_CASE("keeps rows of a failed write for the next") {
    Connection db = new_schema(), empty = open_file(":memory:");
    RawRows rows(10s, 10);
    rows.add(battery(5230), noon);
    rows.finish();
    CHECK_FALSE(rows.write(empty).ok());
    CHECK(rows.waiting() == 1);
    write(rows, db);
    CHECK(db.number("SELECT count(*) FROM victron_battery_readings") == 1);
}

}  // namespace raw_rows_test
