// Tests of telemetry of the former cloud as readings.
#include "daemon/ctl/import/cloud_csv.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::ctl::cloud;

namespace cloud_csv_test {

namespace {

constexpr const char* sol_ark =
    "id,plant_id,timestamp,soc,batt_power,batt_voltage,batt_current,pv_power,pv_voltage,pv_current,load_power,grid_power,pv_to_"
    "grid,"
    "grid_to_load,pv_to_load,pv_to_bat,bat_to_load,created_at";

}  // namespace

TEST_CASE("reads a row of solark.telemetry as Sol-Ark reading") {
    CloudCsv csv;
    REQUIRE(csv.begin(sol_ark));
    CHECK(csv.is_sol_ark());
    CHECK(csv.unknown().empty());
    const auto one = csv.read(
        "7,146453,2025-06-21 13:00:00.25+00:00,65.5,-1200,52.31,-22.94,3000,380.5,7.9,4200,,f,f,t,f,t,2025-06-21 13:00:02+00");
    REQUIRE(one);
    CHECK(one->at_s == 1'750'510'800);
    CHECK(one->reading.name == "sol_ark");
    CHECK(one->reading.voltage == Volts{5231});
    CHECK(one->reading.battery_power == Watts{-1200});
    CHECK(one->reading.battery_current == Amps{-2294});
    CHECK(one->reading.soc == Percent{6550});
    CHECK(one->reading.pv_voltage == Volts{38050});
    CHECK(!one->reading.grid);
    CHECK(csv.discharged_negative() == 1);
    CHECK(csv.discharged_positive() == 0);
}

TEST_CASE("reads a row of victron_battery_readings as GX reading") {
    CloudCsv csv;
    REQUIRE(csv.begin("\xEF\xBB\xBFtaken_at,soc,power,voltage,current,temperature,state,source\r"));
    const auto one = csv.read("2025-06-21T06:00:00-07:00,65,633,52.3,12.1,18.5,charging,vrm\r");
    REQUIRE(one);
    CHECK(one->at_s == 1'750'510'800);
    CHECK(one->reading.name == "victron.battery");
    CHECK(one->reading.battery_temperature == Celsius{185});
    CHECK(!one->reading.battery_state);
    CHECK(csv.read("2025-06-21T13:00:00Z,NULL,\\N,52.3,,,1,\"a, \"\"b\"\"\"")->reading.battery_state == 1);
}

TEST_CASE("rejects an impossible value with the allowed ones") {
    CloudCsv csv;
    REQUIRE(csv.begin("timestamp,soc,batt_power,batt_voltage,pv_power,load_power,grid_power"));
    const std::string at = "2025-06-21 13:00:00,";
    CHECK(csv.read(at + "100,-100000,100,100000,0,0"));
    for (const char* bad :
         {"100.1,,52,,,", "-1,,52,,,", ",100001,52,,,", ",,100.5,,,", ",,-1,,,", ",,52,-100001,,", ",,52,,1e6,", ",,52,,,-2e5"}) {
        CAPTURE(std::string(bad));
        CHECK(!csv.read(at + bad));
        CHECK(csv.problem().find(" is impossible; expected ") != std::string::npos);
    }
    CHECK(!csv.read(at + "65,,1e99,,,"));
    CHECK(csv.problem() == "batt_voltage: 1e99 is impossible; expected 0 to 100 V");
    CHECK(!csv.read(at + "x,,52,,,"));
    CHECK(csv.problem() == "soc: 'x' is not a number, such as 52.30");
}

TEST_CASE("reads times with and without zone") {
    CHECK(cloud_time("2025-06-21 13:00:00") == 1'750'510'800);
    CHECK(cloud_time("2025-06-21 15:00:00+02") == 1'750'510'800);
    CHECK(cloud_time("2025-06-21 15:00:00.123456 +0200") == 1'750'510'800);
    CHECK(cloud_time("2025-06-21 13:00:00 UTC") == 1'750'510'800);
    CHECK(!cloud_time("2025-06-21"));
    CHECK(!cloud_time("2025-06-21 13:00:00+99"));
    CHECK(!cloud_time("21.06.2025 13:00:00"));
    CHECK(!cloud_time("2025-06-21 13:00:00 noon"));
}

TEST_CASE("explains errors in a heading or line") {
    CloudCsv csv;
    CHECK(!csv.begin("a,b,c"));
    CHECK(csv.problem().find("unknown heading") != std::string::npos);
    CHECK(!csv.begin("timestamp,voltage,voltage"));
    CHECK(csv.problem() == "the column voltage appears twice");
    CHECK(!csv.begin("timestamp,taken_at,voltage"));
    CHECK(csv.problem() == "the columns timestamp and taken_at are both the time; keep one of them");
    REQUIRE(csv.begin("timestamp,voltage,humidity"));
    CHECK(csv.unknown() == std::vector<std::string>{"humidity"});
    CHECK(!csv.read("2025-06-21 13:00:00,52.3"));
    CHECK(csv.problem() == "2 values where the heading has 3");
    CHECK(!csv.read("yesterday,52.3,1"));
    CHECK(csv.problem() == "timestamp: 'yesterday' is not a time, such as 2025-06-21 13:00:00+00:00");
    for (const char* bad : {"52,3", "nan", "inf", "1e999", "52.3V", "0x34"}) {
        CHECK(!csv.read("2025-06-21 13:00:00,\"" + std::string(bad) + "\",1"));
        CHECK(csv.problem().find("is not a number") != std::string::npos);
    }
    CHECK(!csv.read("2025-06-21 13:00:00,\"52.3,1"));
    CHECK(csv.problem() == "a quote does not end");
}

TEST_CASE("reads columns separated by semicolons or tabs") {
    for (const std::string separator : {";", "\t"}) {
        CloudCsv csv;
        REQUIRE(csv.begin("taken_at" + separator + "voltage"));
        CHECK(csv.read("2025-06-21 13:00:00Z" + separator + "52.3")->reading.voltage == Volts{5230});
        CHECK(!csv.read("2025-06-21 13:00:00Z" + separator + "52,3"));
        CHECK(csv.problem() == "voltage: '52,3' is not a number, such as 52.30");
    }
}

TEST_CASE("rejects an unknown heading with found and expected columns") {
    CloudCsv csv;
    CHECK(!csv.begin("timestamp,Battery Monitor [225] Voltage,V"));
    CHECK(csv.problem() ==
          "unknown heading: found 'timestamp', 'Battery Monitor [225] Voltage', 'V'; expected the time as 'timestamp' or "
          "'taken_at', and "
          "'batt_voltage' (solark.telemetry) or 'voltage' (victron_battery_readings), separated by ',', ';' or a tab");
    CHECK(!csv.begin("entity_id;state;last_changed"));
    CHECK(csv.problem().starts_with("unknown heading: found 'entity_id', 'state', 'last_changed'; expected"));
}

TEST_CASE("treats a voltage below the battery's range as gap") {
    CloudCsv csv;
    csv.set_lowest_voltage(Volts{3500});
    REQUIRE(csv.begin("taken_at,voltage,power"));
    const auto gap = csv.read("2025-06-21 13:00:00Z,0,633");
    REQUIRE(gap);
    CHECK(!gap->reading.voltage);
    CHECK(gap->reading.battery_power == Watts{633});
    CHECK(!csv.read("2025-06-21 13:00:00Z,34.99,633")->reading.voltage);
    CHECK(csv.read("2025-06-21 13:00:00Z,35.00,633")->reading.voltage == Volts{3500});
    CHECK(csv.gaps() == 2);
}

TEST_CASE("a word for a sensor that was away is no value") {
    CloudCsv csv;
    REQUIRE(csv.begin("taken_at,voltage,power"));
    for (const char* word : {"", "NULL", "\\N", "unavailable", "Unknown", "None", "-", "N/A"}) {
        const auto one = csv.read("2025-06-21 13:00:00Z,52.3," + std::string(word));
        REQUIRE(one);
        CHECK(!one->reading.battery_power);
    }
}

TEST_CASE("a file in UTF-16 is named") {
    CloudCsv csv;
    CHECK(!csv.begin(std::string("\xFF\xFEt\0a\0", 6)));
    CHECK(csv.problem() == "the file is UTF-16, as PowerShell writes it; save it as UTF-8");
}

TEST_CASE("counts times without a zone") {
    CloudCsv csv;
    REQUIRE(csv.begin("taken_at,voltage"));
    for (const char* time :
         {"2025-06-21 13:00:00Z", "2025-06-21 13:00:00+00:00", "2025-06-21T13:00:00-07:00", "2025-06-21 13:00:00 UTC"})
        REQUIRE(csv.read(std::string(time) + ",52.3"));
    CHECK(csv.without_zone() == 0);
    REQUIRE(csv.read("2025-06-21 13:00:00,52.3"));
    REQUIRE(csv.read("2025-06-21 13:00:00.5,52.3"));
    CHECK(csv.without_zone() == 2);
}

TEST_CASE("rejects second 61") {
    CHECK(!cloud_time("2025-06-21 10:00:61Z"));
    CHECK(cloud_time("2025-06-21 10:00:59Z"));
}

}  // namespace cloud_csv_test
