#include "daemon/site/snapshot_builder.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace {

Mailbox::LatestReading slot(Time taken, std::optional<Watts> pv) {
    Mailbox::LatestReading slot;
    slot.has_reading = true;
    slot.reading.taken = taken;
    slot.reading.pv = pv;
    slot.reading.voltage = 5230_cV;
    slot.reading.moved = taken - 1s;
    slot.reading.battery_power = 500_W;
    return slot;
}

Policy policy() {
    Policy policy;
    policy.voltage_sources = {{"victron.battery", 0, 1s, 1_cV}, {"sol_ark", 1, 5s, 1_cV}};
    policy.sensors = {{"heat-room", 600s, false}};
    policy.battery_temperatures = {{"victron.battery", 600s, true}};
    return policy;
}

}  // namespace

TEST_CASE("what never came is not heard, and what came is aligned with the policy") {
    SiteSnapshot snapshot;
    snapshot.now = 100s;
    freeze_readings({{"sol_ark", slot(99s, 8450_W)}}, {{"heat-room", {Celsius{375}, 98s, true}}},
                    {{"sol_ark"}, {"sol_ark"}, {"sol_ark"}}, policy(), snapshot);
    REQUIRE(snapshot.voltages.size() == 2);
    CHECK(!snapshot.voltages[0].heard);
    CHECK(snapshot.voltages[1].value == 5230_cV);
    CHECK(snapshot.voltages[1].unit_moved == 98s);
    CHECK(snapshot.pv.value == 8450_W);
    CHECK(snapshot.load.heard);
    CHECK(!snapshot.load.value);  // answered, but has no load: "no data"
    CHECK(snapshot.temperatures.at(0).value == Celsius{375});
    CHECK(!snapshot.battery_temperatures.at(0).sample.heard);
    CHECK(snapshot.battery_temperatures.at(0).zero_is_suspect);
}

TEST_CASE("a frame whose voltage is none tells no watts and no degrees either") {
    SiteSnapshot snapshot;
    snapshot.now = 100s;
    Mailbox::LatestReading shifted = slot(99s, 6000_W);
    shifted.reading.name = "sol_ark";
    const auto pv = [&](std::optional<Volts> voltage) {
        shifted.reading.voltage = voltage;
        freeze_readings({{"sol_ark", shifted}}, {}, {{"sol_ark"}, {}, {}}, policy(), snapshot);
        return snapshot.pv;
    };
    CHECK(pv(5230_cV).value == 6000_W);
    CHECK(pv(55_cV) == Sample<Watts>{std::nullopt, 99s, true});
    CHECK(snapshot.voltages[1].value == 55_cV);  // the rules name it
    CHECK_FALSE(snapshot.battery_power.value);
    CHECK_FALSE(pv(std::nullopt).value);
    shifted.reading.name = "victron.system";  // a GX without a battery monitor still knows its powers
    CHECK(pv(std::nullopt).value == 6000_W);
}

TEST_CASE("a sum is as old as its oldest part, and no data while one part is") {
    SiteSnapshot snapshot;
    snapshot.now = 100s;
    const PowerSources both{{"sol_ark", "sol_ark_2"}, {}, {}};
    freeze_readings({{"sol_ark", slot(99s, 8000_W)}, {"sol_ark_2", slot(90s, 450_W)}}, {}, both, policy(), snapshot);
    CHECK(snapshot.pv == Sample<Watts>{8450_W, 90s, true});
    freeze_readings({{"sol_ark", slot(99s, 8000_W)}, {"sol_ark_2", slot(90s, std::nullopt)}}, {}, both, policy(), snapshot);
    CHECK(snapshot.pv == Sample<Watts>{std::nullopt, 90s, true});
    freeze_readings({{"sol_ark", slot(99s, 8000_W)}}, {}, both, policy(), snapshot);
    CHECK(!snapshot.pv.heard);
    CHECK(!snapshot.load.heard);  // no source configured
}

TEST_CASE("inverters in parallel share the battery: its power and current are their sum, or nothing") {
    const auto share = [](Time taken, std::optional<Watts> power, Amps current) {
        Mailbox::LatestReading made = slot(taken, 0_W);
        made.reading.battery_power = power;
        made.reading.battery_current = current;
        made.reading.voltage = 5230_cV;
        return made;
    };
    Policy two;
    two.voltage_sources = {{"sol_ark", 1, 5s, 1_cV}, {"sol_ark_2", 2, 5s, 1_cV}};
    const PowerSources both{{}, {}, {}, {"sol_ark", "sol_ark_2"}};
    SiteSnapshot snapshot;
    snapshot.now = 100s;
    const LatestReadings slots{{"sol_ark", share(99s, 1000_W, Amps{2000})}, {"sol_ark_2", share(97s, -300_W, Amps{-500})}};
    freeze_readings(slots, {}, both, two, snapshot);
    CHECK(snapshot.battery_power == Sample<Watts>{700_W, 97s, true});
    CHECK(snapshot.battery_current == Sample<Amps>{Amps{1500}, 97s, true});
    CHECK(snapshot.voltages.at(0).value == 5230_cV);
    freeze_readings(slots, {}, {}, two, snapshot);  // not in parallel: the first one's
    CHECK(snapshot.battery_power.value == 1000_W);
    const LatestReadings half{{"sol_ark", share(99s, 1000_W, Amps{2000})}, {"sol_ark_2", share(97s, std::nullopt, Amps{})}};
    freeze_readings(half, {}, both, two, snapshot);
    CHECK(!snapshot.battery_power.value);
    freeze_readings({{"sol_ark", share(99s, 1000_W, Amps{2000})}}, {}, both, two, snapshot);
    CHECK(!snapshot.battery_power.heard);
}

TEST_CASE("battery power comes from the first source in the owner's order that is fresh") {
    SiteSnapshot snapshot;
    snapshot.now = 100s;
    auto first = slot(60s, {}), second = slot(99s, {});
    first.reading.battery_power = 100_W;
    second.reading.battery_power = 200_W;
    const auto freeze = [&] {
        freeze_readings({{"victron.battery", first}, {"sol_ark", second}}, {}, {}, policy(), snapshot);
        return snapshot.battery_power;
    };
    CHECK(freeze() == Sample<Watts>{200_W, 99s, true});  // the first is 40 s old
    first.reading.taken = 70s;
    CHECK(freeze() == Sample<Watts>{100_W, 70s, true});  // 30 s is just fresh
    first.reading.battery_power.reset();
    CHECK(freeze().value == 200_W);
}

TEST_CASE("the discharge limit of the BMS counts only beside a charge voltage that this bank can have") {
    SiteSnapshot snapshot;
    snapshot.now = 100s;
    Policy site = policy();
    Mailbox::LatestReading gx = slot(99s, {});
    gx.reading.name = "victron.battery";
    const auto limit = [&](std::optional<Volts> charge, std::optional<Amps> discharge) {
        gx.reading.charge_voltage_limit = charge;
        gx.reading.discharge_limit = discharge;
        freeze_readings({{"victron.battery", gx}}, {}, {{}, {}, {}}, site, snapshot);
        return snapshot.bms_discharge_limit.value;
    };
    CHECK(limit(5650_cV, Amps{20'000}) == Amps{20'000});
    CHECK(limit(5650_cV, Amps{0}) == Amps{0});  // an order
    CHECK_FALSE(limit(0_cV, Amps{0}));
    CHECK_FALSE(limit({}, Amps{2000}));
    CHECK_FALSE(limit(65000_cV, Amps{2000}));
    CHECK_FALSE(limit(2840_cV, Amps{2000}));
    site.preferences.curve = {{2250_cV, {0}}, {2800_cV, {10000}}};
    site.preferences.shutdown = 2200_cV;
    site.preferences.absolute_max = 3000_cV;
    gx.reading.voltage = 2640_cV;
    CHECK(limit(2840_cV, Amps{2000}) == Amps{2000});  // of 24 V
}

TEST_CASE("power and current of the battery come with the voltage of a GX, of the same answer") {
    SiteSnapshot snapshot;
    snapshot.now = 100s;
    Mailbox::LatestReading both = slot(99s, {});
    both.reading.battery_current = Amps{950};
    freeze_readings({{"victron.battery", both}, {"sol_ark", both}}, {}, {{}, {}, {}}, policy(), snapshot);
    CHECK(snapshot.voltages[0].power == 500_W);
    CHECK(snapshot.voltages[0].current == Amps{950});
    CHECK_FALSE(snapshot.voltages[1].power);
}
