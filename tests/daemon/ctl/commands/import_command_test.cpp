// Tests of voltctl import as a process, on files of the former cloud and a database.
#include <doctest/doctest.h>

#include <fstream>

#include "drivers/iso_time.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;

namespace import_command_test {

using volt::testing::Ended;
using volt::testing::shell;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Cloud {
    volt::testing::TempDir directory;
    std::string path = directory / "voltd.db";
    Connection db;

    Cloud() {
        auto opened = Connection::open(path, OpenMode::create);
        REQUIRE(opened.ok());
        db = std::move(opened.value());
        REQUIRE(migrate(db, built_in_migrations()).ok());
        put("miners.json",
            R"json([{"id":"1","name":"Primary S21+ (Revenue)","power_draw_watts":3500,"start_voltage":"51.00","stop_voltage":"47.50",
"emergency_stop_voltage":"45.00","hvac_zone_id":"z","preferred_start":"18:00:00"}])json");
        put("zones.json",
            R"([{"id":"z","zone_name":"Attic","block_charging_below_temp":1.5,"minimum_solar_for_heating_watts":100}])");
        put("prefs.json", R"({"voltage_shutdown":44.2,"inverter_max_watts":11000,"timezone":"America/Los_Angeles"})");
    }
    void put(const std::string& name, const std::string& text) const {
        std::ofstream(directory / name, std::ios::binary) << text;
    }
    Ended call(const std::string& arguments) const {
        return shell("cd " + (directory / ".") + " && " + VOLTCTL + " import --database voltd.db " + arguments + " 2>&1");
    }
    std::int64_t number(const std::string& sql) { return db.number(sql).value_or(-1); }
};

/// Returns two hours of rows every 60 s from `from_s` on, with the cloud's sign of power: positive while discharging.
std::string telemetry(std::int64_t from_s) {
    std::string text = "plant_id,timestamp,soc,batt_power,batt_voltage,pv_power,load_power,grid_power,pv_to_bat,bat_to_load\n";
    for (std::int64_t t = from_s; t < from_s + 7200; t += 60)
        text += "1," + iso_time(t) + "Z,65," + std::to_string(t < from_s + 3600 ? 500 : 700) + ",52.30,0,500,0,f,t\n";
    return text;
}

constexpr std::int64_t hour = 3600;
std::int64_t some_days_ago() { return (std::time(nullptr) / hour - 240) * hour; }

}  // namespace

TEST_CASE("shows each row before and after in a dry run") {
    Cloud cloud;
    const Ended ended = cloud.call("miners.json zones.json prefs.json --dry-run");
    CHECK(ended.code == 0);
    CHECK(contains(ended.out, "start_voltage"));
    CHECK(contains(ended.out, "50.0 -> 51.0"));
    CHECK(contains(ended.out, "44.0 -> 44.2"));
    CHECK(contains(ended.out, "Attic"));
    CHECK(contains(ended.out, "dry run: nothing was changed"));
    CHECK(cloud.number("SELECT count(*) FROM hvac_zones") == 2);
    CHECK(cloud.number("SELECT count(*) FROM settings_history WHERE who LIKE 'voltctl%'") == 0);
}

TEST_CASE("imports all rows in one change that can be undone") {
    Cloud cloud;
    const Ended ended = cloud.call("miners.json zones.json prefs.json");
    CHECK_MESSAGE(ended.code == 0, ended.out);
    CHECK(contains(ended.out, "imported as change"));
    CHECK(cloud.number("SELECT count(*) FROM miner_profiles") == 2);
    CHECK(cloud.number("SELECT power_draw_w FROM miner_profiles WHERE slug = 'primary-s21-revenue'") == 3500);
    CHECK(cloud.number(
              "SELECT count(*) FROM miner_profiles JOIN hvac_zones AS z ON z.id = hvac_zone_id WHERE z.zone_name = 'Attic'") ==
          1);
    CHECK(cloud.number("SELECT block_charging_below_c * 10 FROM hvac_zones WHERE slug = 'attic'") == 15);
    CHECK(cloud.number("SELECT count(DISTINCT change) FROM settings_history WHERE who LIKE 'voltctl%'") == 1);
    const Ended again = cloud.call("miners.json zones.json prefs.json");
    CHECK(again.code == 0);
    CHECK(contains(again.out, "nothing to change"));
}

TEST_CASE("stops at an unknown field unless it is excluded") {
    Cloud cloud;
    cloud.put("prefs.json", R"({"voltage_shutdown":44.2,"agent_model":"x"})");
    const Ended ended = cloud.call("miners.json prefs.json");
    CHECK(ended.code == 1);
    CHECK(contains(ended.out, "agent_model"));
    CHECK(contains(ended.out, "--skip-unknown"));
    CHECK(cloud.number("SELECT count(*) FROM settings_history WHERE who LIKE 'voltctl%'") == 0);
    cloud.put("zones.json", R"([{"id":"z","zone_name":"Attic","temp_too_hot":900}])");
    const Ended impossible = cloud.call("prefs.json zones.json --skip-unknown");
    CHECK(impossible.code == 1);
    CHECK(contains(impossible.out, "temp_too_hot"));
    CHECK(contains(impossible.out, "nothing was imported"));
    CHECK(cloud.number("SELECT count(*) FROM settings_history WHERE who LIKE 'voltctl%'") == 0);
    CHECK(cloud.call("prefs.json --skip-unknown").code == 0);
    CHECK(cloud.number("SELECT voltage_shutdown * 10 FROM user_preferences") == 442);
    CHECK(cloud.call("nowhere.json").code == 1);
    CHECK(cloud.call("").code == 2);
}

TEST_CASE("imports telemetry as minutes and hours once") {
    Cloud cloud;
    const std::int64_t from = some_days_ago();
    cloud.put("solark.csv", telemetry(from));
    CHECK(cloud.call("solark.csv --dry-run").code == 0);
    CHECK(cloud.number("SELECT count(*) FROM solark_minutes") == 0);
    const Ended ended = cloud.call("solark.csv");
    CHECK_MESSAGE(ended.code == 0, ended.out);
    CHECK(contains(ended.out, "get the opposite sign"));
    CHECK(contains(ended.out, "120 minutes, 2 hours"));
    CHECK(cloud.number("SELECT count(*) FROM solark_minutes") == 120);
    CHECK(cloud.number("SELECT batt_power FROM solark_hours WHERE timestamp = " + std::to_string(from)) == -500);
    CHECK(cloud.number("SELECT batt_power FROM solark_hours WHERE timestamp = " + std::to_string(from + hour)) == -700);
    CHECK(cloud.number("SELECT batt_voltage FROM solark_minutes LIMIT 1") == 5230);
    CHECK(cloud.number("SELECT count(*) FROM solark_telemetry") == 0);
    CHECK_FALSE(contains(ended.out, "there already"));
    const Ended again = cloud.call("solark.csv");
    CHECK(again.code == 0);
    CHECK(contains(again.out, "0 minutes"));
    CHECK(contains(again.out, "120 minutes were there already and stay"));
    CHECK(cloud.number("SELECT count(*) FROM solark_minutes") == 120);
}

TEST_CASE("imports battery rows beside voltd's own") {
    Cloud cloud;
    const std::int64_t from = some_days_ago();
    RawRows own(30s, 100);
    SourceReading reading;
    reading.name = "sol_ark";
    reading.voltage = Volts{5000};
    own.add(reading, Utc{(from + hour) * 1000});
    reading.name = "victron.battery";
    own.add(reading, Utc{(from + hour) * 1000});
    own.finish();
    REQUIRE(own.write(cloud.db).ok());
    std::string text = "taken_at,voltage,power,source\n";
    for (std::int64_t t = from; t < from + 7200; t += 300) text += iso_time(t) + "Z,52.31,-250,vrm\n";
    cloud.put("battery.csv", text);
    const Ended ended = cloud.call("battery.csv miners.json zones.json");
    CHECK_MESSAGE(ended.code == 0, ended.out);
    CHECK(contains(ended.out, "skipped 12 minutes"));
    CHECK(cloud.number("SELECT count(*) FROM victron_battery_minutes") == 12);
    CHECK(cloud.number("SELECT count(*) FROM victron_battery_hours") == 1);
    CHECK(cloud.number("SELECT power FROM victron_battery_minutes LIMIT 1") == -250);
    CHECK(cloud.number("SELECT count(*) FROM sources WHERE name = 'victron.battery'") == 1);
    CHECK(cloud.number("SELECT count(*) FROM hvac_zones") == 3);
}

TEST_CASE("names the line that cannot be read") {
    Cloud cloud;
    cloud.put("solark.csv", telemetry(some_days_ago()) + "1,2025-06-21 13:00:00,65,five,52.30,0,500,0,f,t\n");
    const Ended ended = cloud.call("miners.json zones.json solark.csv");
    CHECK(ended.code == 1);
    CHECK(contains(ended.out, "solark.csv:122: batt_power: 'five' is not a number"));
    cloud.put("solark.csv", telemetry(std::time(nullptr) + 10 * 86400));
    CHECK(contains(cloud.call("solark.csv").out, "solark.csv:2: its time is in the future"));
    CHECK(cloud.number("SELECT count(*) FROM settings_history WHERE who LIKE 'voltctl%'") == 0);
    CHECK(cloud.number("SELECT count(*) FROM solark_minutes") == 0);
}

TEST_CASE("ignores a 0 V gap in the lowest voltage") {
    Cloud at;
    const std::int64_t from = some_days_ago();
    at.put("gaps.csv", "taken_at,voltage,power\n" + iso_time(from) + "Z,52.30,633\n" + iso_time(from + 10) + "Z,0,0\n");
    const Ended ended = at.call("gaps.csv");
    CHECK(ended.code == 0);
    CHECK(contains(ended.out, "1 row had no battery voltage: below 35.00 V"));
    CHECK(at.number("SELECT min(voltage_min) FROM victron_battery_minutes") == 5230);
}

TEST_CASE("removes escape sequences of a file") {
    Cloud at;
    at.put("bad.csv", "timestamp,batt_voltage,\x1b[2J\x1b]0;x\x07\n");
    at.put("bad.json", "[{\"id\":\"1\",\"name\":\"A\\u001b[2J\",\"power_draw_watts\":3500}]");
    for (const char* file : {"bad.csv", "bad.json"}) {
        const Ended ended = at.call(file);
        CHECK(ended.code != 0);
        CHECK_FALSE(contains(ended.out, "\x1b"));
    }
}

TEST_CASE("reads JSON with a byte order mark") {
    Cloud at;
    at.put("marked.json", "\xEF\xBB\xBF{\"voltage_shutdown\":44.2,\"timezone\":\"America/Los_Angeles\"}");
    CHECK(at.call("marked.json --dry-run").code == 0);
}

}  // namespace import_command_test
