#include "daemon/site/snapshot_builder.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace {

Mailbox::LatestReading source(Time taken, Volts voltage) {
    Mailbox::LatestReading source;
    source.has_reading = true;
    source.reading.taken = taken;
    source.reading.moved = taken - 1s;
    source.reading.voltage = voltage;
    source.reading.pv = 8450_W;
    source.reading.battery_power = 500_W;
    source.reading.battery_current = Amps{950};
    source.reading.battery_temperature = Celsius{210};
    return source;
}

Policy policy() {
    Policy policy;
    policy.polled = {{"victron.battery", true}, {"sol_ark", true}};
    policy.voltage_sources = {{"victron.battery", 0, 1s, 1_cV, 0}, {"sol_ark", 1, 5s, 1_cV, 1}};
    policy.sensors = {{"heat-room", 600s, false}};
    policy.battery_temperatures = {{"victron.battery", 600s, true, 0}, {"sol_ark", 600s, false, 1}};
    return policy;
}

}  // namespace

TEST_CASE("aligns received values with the policy") {
    SiteSnapshot snapshot;
    snapshot.now = 100s;
    fill_readings({{"sol_ark", source(99s, 5230_cV)}}, {{"heat-room", {Celsius{375}, 98s, true}}}, policy(), snapshot);
    REQUIRE(snapshot.voltages.size() == 2);
    CHECK_FALSE(snapshot.voltages[0].received);
    CHECK(snapshot.voltages[1].value == 5230_cV);
    CHECK(snapshot.voltages[1].unit_moved == 98s);
    REQUIRE(snapshot.polled.size() == 2);
    CHECK_FALSE(snapshot.polled[0].received);
    CHECK(snapshot.polled[1].received);
    CHECK(snapshot.polled[1].taken == 99s);
    CHECK(snapshot.polled[1].pv == 8450_W);
    CHECK_FALSE(snapshot.polled[1].load);
    CHECK(snapshot.temperatures.at(0).value == Celsius{375});
    CHECK_FALSE(snapshot.battery_temperatures.at(0).sample.received);
    CHECK(snapshot.battery_temperatures.at(0).zero_is_suspect);
    CHECK(snapshot.battery_temperatures.at(1).sample == Sample<Celsius>{Celsius{210}, 99s, true});
}

TEST_CASE("keeps values as received, however old or implausible") {
    SiteSnapshot snapshot;
    snapshot.now = 1000s;
    fill_readings({{"sol_ark", source(9s, 55_cV)}}, {}, policy(), snapshot);
    CHECK(snapshot.voltages[1].value == 55_cV);
    CHECK(snapshot.polled[1].voltage == 55_cV);
    CHECK(snapshot.polled[1].pv == 8450_W);
    CHECK(snapshot.polled[1].battery_power == 500_W);
    CHECK(snapshot.battery_temperatures.at(1).sample.value == Celsius{210});
}

TEST_CASE("takes power and current with the voltage of one answer") {
    SiteSnapshot snapshot;
    snapshot.now = 100s;
    fill_readings({{"victron.battery", source(99s, 5230_cV)}, {"sol_ark", source(99s, 5230_cV)}}, {}, policy(), snapshot);
    CHECK(snapshot.voltages[0].power == 500_W);
    CHECK(snapshot.voltages[0].current == Amps{950});
    CHECK(snapshot.voltages[1].power == 500_W);
    CHECK(snapshot.voltages[1].current == Amps{950});
}
