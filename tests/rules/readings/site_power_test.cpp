#include "rules/readings/site_power.hpp"

#include <doctest/doctest.h>

#include "rules/readings/readings.hpp"

using namespace volt;

namespace {

constexpr Index gx_battery = 0, gx_system = 1, ark = 2, ark_2 = 3;

struct Site {
    Policy policy;
    SiteSnapshot snapshot;

    Site() {
        policy.polled = {{"victron.battery", true}, {"victron.system", false}, {"sol_ark", true}, {"sol_ark_2", true}};
        policy.voltage_sources = {{"victron.battery", 0, 1s, 1_cV, gx_battery}, {"sol_ark", 1, 5s, 1_cV, ark}};
        policy.power.bms = gx_battery;
        snapshot.polled.resize(policy.polled.size());
        snapshot.now = 100s;
    }
    PolledAnswer& at(Index source) { return snapshot.polled[static_cast<std::size_t>(source)]; }
    PolledAnswer& receive(Index source, Time taken) {
        at(source) = {};
        at(source).taken = taken;
        at(source).received = true;
        at(source).voltage = 5230_cV;
        return at(source);
    }
    SitePower power() const { return site_power(snapshot, policy); }
};

}  // namespace

TEST_CASE("distinguishes a source that never answered from one without the value") {
    Site site;
    site.policy.power = {{ark}, {ark}, {gx_system}, {}, gx_battery};
    site.receive(ark, 99s).pv = 8450_W;
    CHECK(site.power().pv.value == 8450_W);
    CHECK(site.power().load == Sample<Watts>{std::nullopt, 99s, true});  // answered, but has no load: "no data"
    CHECK_FALSE(site.power().grid.received);
}

TEST_CASE("uses the snapshot's site values without polled answers") {
    Site site;
    site.policy.power = {{ark}, {}, {}, {}, gx_battery};
    site.snapshot.polled.clear();
    site.snapshot.pv = {500_W, 90s, true};
    site.snapshot.battery_power_source = 1;
    CHECK(site.power().pv == site.snapshot.pv);
    CHECK(site.power().battery_power_source == 1);
}

TEST_CASE("ignores watts and degrees of an implausible answer") {
    Site site;
    site.policy.power.pv = {ark};
    site.receive(ark, 99s).pv = 6000_W;
    site.at(ark).battery_power = 6000_W;
    const auto pv = [&](std::optional<Volts> voltage) {
        site.at(ark).voltage = voltage;
        return site.power().pv;
    };
    const Sample<Celsius> warm{Celsius{210}, 99s, true};
    const auto degrees = [&](Index source) { return polled_temperature(warm, source, site.snapshot, site.policy).value; };
    CHECK(pv(5230_cV).value == 6000_W);
    CHECK(degrees(ark) == Celsius{210});
    CHECK(pv(55_cV) == Sample<Watts>{std::nullopt, 99s, true});
    CHECK_FALSE(site.power().battery_power.value);
    CHECK_FALSE(degrees(ark));
    CHECK(degrees(no_index) == Celsius{210});  // from the broker
    CHECK(degrees(ark_2) == Celsius{210});     // nothing contradicts it
    CHECK_FALSE(pv(std::nullopt).value);
    site.policy.power.pv = {gx_system};  // a GX without a battery monitor still knows its powers
    site.receive(gx_system, 99s).pv = 6000_W;
    site.at(gx_system).voltage.reset();
    CHECK(site.power().pv.value == 6000_W);
}

TEST_CASE("the rules ignore the temperature of an implausible answer") {
    Site site;
    site.policy.battery_temperatures = {{"sol_ark", 600s, false, ark}};
    site.policy.sensors = {{"gx-room", 600s, false, ark}};
    site.snapshot.voltages.resize(2);
    site.receive(ark, 99s).voltage = 55_cV;
    site.snapshot.battery_temperatures = {{{Celsius{210}, 99s, true}, false}};
    site.snapshot.temperatures = {{Celsius{210}, 99s, true}};
    ReadingsState state;
    Readings readings;
    judge_readings(site.snapshot, site.policy, false, state, readings);
    CHECK_FALSE(readings.batteries[0]);
    CHECK_FALSE(readings.sensors[0]);
    site.receive(ark, 99s);
    state = {};
    readings = emptied(readings);
    judge_readings(site.snapshot, site.policy, false, state, readings);
    CHECK(readings.batteries[0] == Celsius{210});
    CHECK(readings.sensors[0] == Celsius{210});
}

TEST_CASE("a sum is as old as its oldest part") {
    Site site;
    site.policy.power.pv = {ark, ark_2};
    site.receive(ark, 99s).pv = 8000_W;
    CHECK_FALSE(site.power().pv.received);
    site.receive(ark_2, 90s).pv = 450_W;
    CHECK(site.power().pv == Sample<Watts>{8450_W, 90s, true});
    site.at(ark_2).pv.reset();
    CHECK(site.power().pv == Sample<Watts>{std::nullopt, 90s, true});
    CHECK_FALSE(site.power().load.received);  // no source configured
}

TEST_CASE("parallel inverters sum their shares of the battery, or nothing") {
    Site site;
    site.policy.voltage_sources = {{"sol_ark", 1, 5s, 1_cV, ark}, {"sol_ark_2", 2, 5s, 1_cV, ark_2}};
    site.policy.power.battery = {ark, ark_2};
    site.receive(ark, 99s).battery_power = 1000_W;
    site.at(ark).battery_current = Amps{2000};
    CHECK_FALSE(site.power().battery_power.received);
    site.receive(ark_2, 97s).battery_power = -300_W;
    site.at(ark_2).battery_current = Amps{-500};
    CHECK(site.power().battery_power == Sample<Watts>{700_W, 97s, true});
    CHECK(site.power().battery_current == Sample<Amps>{Amps{1500}, 97s, true});
    site.at(ark_2).battery_power.reset();
    CHECK_FALSE(site.power().battery_power.value);
    site.policy.power.battery.clear();  // not in parallel: the first one's
    CHECK(site.power().battery_power.value == 1000_W);
}

TEST_CASE("takes battery power from the first fresh source in order") {
    Site site;
    site.receive(gx_battery, 60s).battery_power = 100_W;
    site.receive(ark, 99s).battery_power = 200_W;
    CHECK(site.power().battery_power == Sample<Watts>{200_W, 99s, true});  // the first is 40 s old
    CHECK(site.power().battery_power_source == 1);
    site.at(gx_battery).taken = 70s;
    CHECK(site.power().battery_power == Sample<Watts>{100_W, 70s, true});  // 30 s is just fresh
    CHECK(site.power().battery_power_source == 0);
    site.at(gx_battery).battery_power.reset();
    CHECK(site.power().battery_power.value == 200_W);
    site.at(ark).taken = site.at(gx_battery).taken = 10s;
    site.at(gx_battery).battery_power = 100_W;
    CHECK(site.power().battery_power == Sample<Watts>{100_W, 10s, true});  // none is fresh: the first that ever reported
}

TEST_CASE("the BMS limit needs a charge voltage plausible for this bank") {
    Site site;
    site.receive(gx_battery, 99s);
    const auto limit = [&](std::optional<Volts> charge, std::optional<Amps> discharge) {
        site.at(gx_battery).charge_voltage_limit = charge;
        site.at(gx_battery).discharge_limit = discharge;
        return site.power().bms_discharge_limit.value;
    };
    CHECK(limit(5650_cV, Amps{20'000}) == Amps{20'000});
    CHECK(limit(5650_cV, Amps{0}) == Amps{0});  // an order
    CHECK_FALSE(limit(0_cV, Amps{0}));
    CHECK_FALSE(limit({}, Amps{2000}));
    CHECK_FALSE(limit(65000_cV, Amps{2000}));
    CHECK_FALSE(limit(2840_cV, Amps{2000}));
    site.policy.preferences.curve = {{2250_cV, {0}}, {2800_cV, {10000}}};
    site.policy.preferences.shutdown = 2200_cV;
    site.policy.preferences.absolute_max = 3000_cV;
    site.at(gx_battery).voltage = 2640_cV;
    CHECK(limit(2840_cV, Amps{2000}) == Amps{2000});  // for 24 V
}
