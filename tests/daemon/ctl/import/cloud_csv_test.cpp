// Telemetry of the former cloud as readings.
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

TEST_CASE("a row of solark.telemetry is a reading of the Sol-Ark") {
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

TEST_CASE("a row of victron_battery_readings is a reading of the GX; a word for the state is left out") {
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

TEST_CASE("a value that cannot be is refused, with what can be") {
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
    CHECK(csv.problem() == "soc: 'x' is not a number");
}

TEST_CASE("times with and without zone") {
    CHECK(cloud_time("2025-06-21 13:00:00") == 1'750'510'800);
    CHECK(cloud_time("2025-06-21 15:00:00+02") == 1'750'510'800);
    CHECK(cloud_time("2025-06-21 15:00:00.123456 +0200") == 1'750'510'800);
    CHECK(cloud_time("2025-06-21 13:00:00 UTC") == 1'750'510'800);
    CHECK(!cloud_time("2025-06-21"));
    CHECK(!cloud_time("2025-06-21 13:00:00+99"));
    CHECK(!cloud_time("21.06.2025 13:00:00"));
    CHECK(!cloud_time("2025-06-21 13:00:00 noon"));
}

TEST_CASE("what is wrong with a heading or a line is said") {
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
    CHECK(csv.problem() == "timestamp: 'yesterday' is not a time");
    for (const char* bad : {"52,3", "nan", "inf", "1e999", "52.3V", "0x34"}) {
        CHECK(!csv.read("2025-06-21 13:00:00,\"" + std::string(bad) + "\",1"));
        CHECK(csv.problem().ends_with("is not a number"));
    }
    CHECK(!csv.read("2025-06-21 13:00:00,\"52.3,1"));
    CHECK(csv.problem() == "a quote does not end");
}

}  // namespace cloud_csv_test
