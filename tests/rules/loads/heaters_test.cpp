#include "rules/loads/heaters.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// Lets the main room heat by its heater alone, with a PV limit of 2,000 W and a nominal of 1,500 W.
Bench cold() {
    Bench bench;
    bench.change([](Policy& p) { p.miners[0].enabled = p.miners[1].enabled = false; });
    bench.room(Celsius{-50});
    return bench;
}

}  // namespace

TEST_CASE("a heater starts in the cold on PV and stops when warm") {
    Bench bench = cold();
    REQUIRE(bench.until_on(site::main_room_heater, 300s));
    CHECK(bench.reason(site::main_room_heater) == Reason::heat);
    bench.room(Celsius{-1}).run(5s);
    CHECK(bench.wanted(site::main_room_heater));
    bench.room(0_dK).tick();
    CHECK_FALSE(bench.wanted(site::main_room_heater));
    CHECK(bench.reason(site::main_room_heater) == Reason::zone);
}

TEST_CASE("a heater uses no battery power") {
    Bench bench = cold();
    bench.pv(1850_W + 1499_W).battery(Watts{-300}).run(200s);
    CHECK_FALSE(bench.wanted(site::main_room_heater));
    CHECK(bench.blocks(site::main_room_heater, GateName::power));
    bench.pv(1850_W + 1500_W).run(63s);
    CHECK(bench.wanted(site::main_room_heater));
}

TEST_CASE("low PV stops a heater after its hold and 300 s on") {
    Bench bench = cold();
    REQUIRE(bench.until_on(site::main_room_heater, 300s));
    const Time on = *bench.state.loads[site::main_room_heater].on_since;
    bench.pv(1000_W).battery(Watts{-300});
    REQUIRE(bench.until_unwanted(site::main_room_heater));
    CHECK(bench.now() == on + 300s);
}

TEST_CASE("a heater yields to the fan and waits for its OFF") {
    Bench bench = cold();
    REQUIRE(bench.until_on(site::main_room_heater, 300s));
    bench.ask(TargetKind::fan, site::main_room, OverrideKind::on).tick();
    CHECK_FALSE(bench.wanted(site::main_room_heater));
    CHECK(bench.sent(site::main_heater, false) == 1);
    CHECK(bench.sent(site::main_fan, true) == 1);
    bench.run(400s);
    CHECK_FALSE(bench.wanted(site::main_room_heater));
}

TEST_CASE("an `on` override of heat waives PV and temperature only") {
    Bench bench = cold();
    bench.room(200_dK).pv(3400_W).ask(TargetKind::heat, site::main_room, OverrideKind::on).run(70s);
    CHECK(bench.wanted(site::main_room_heater));
    CHECK(bench.reason(site::main_room_heater) == Reason::override_on);
    Bench dark = cold();
    dark.room(200_dK).pv(0_W).battery(Watts{-1850}).ask(TargetKind::heat, site::main_room, OverrideKind::on).run(70s);
    CHECK_FALSE(dark.wanted(site::main_room_heater));
    CHECK(dark.reason(site::main_room_heater) == Reason::power);
}

TEST_CASE("a cold zone's first miner ignores schedule and weather") {
    Bench bench;
    bench.change([](Policy& p) {
        p.miners[0].enabled = false;
        p.zones[0].heat_second = HeatSource::none;
    });
    bench.room(0_dK).volts(5500_cV).pv(9000_W).battery(Watts{-300}).sunny(false).clock(20).run(200s);
    CHECK(bench.wanted(site::s19));
    CHECK(bench.reason(site::s19) == Reason::heat);
    CHECK(bench.blocks(site::s19, GateName::schedule) == false);
}

TEST_CASE("an adopted heater waives PV and temperature, not the voltage source") {
    for (const bool fallback : {false, true}) {
        CAPTURE(fallback);
        Bench bench = cold();
        bench.room(200_dK).pv(6000_W);
        bench.silent_sources[0] = fallback;
        bench.run(400s);
        REQUIRE_FALSE(bench.wanted(site::main_room_heater));
        REQUIRE(bench.last.battery.degraded == fallback);
        bench.forget().by_hand(site::main_heater, OutputState::on).run(3s);
        CHECK(bench.wanted(site::main_room_heater) == !fallback);
        CHECK(bench.times_of(site::main_heater, false).empty() == !fallback);
        if (fallback) continue;
        CHECK(bench.reason(site::main_room_heater) == Reason::override_on);
        bench.run(1000s);
        CHECK(bench.wanted(site::main_room_heater));
        bench.pv(0_W).battery(Watts{-1850}).run(31s);
        CHECK_FALSE(bench.wanted(site::main_room_heater));
    }
}

TEST_CASE("a start on held-back PV spares a heater until settle_s") {
    Bench bench = cold();
    bench.change([](Policy& p) {
        p.control.settle = 600s;
        p.preferences.bridge_wh = 0;
    });
    bench.volts(5500_cV).pv(2000_W).house_load(2000_W).battery(0_W);
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(site::main_room_heater); }, 200s));
    CHECK(bench.reason(site::main_room_heater) == Reason::held_back);
    const Time start = bench.now();
    bench.run(5s).battery(Watts{-3000});
    REQUIRE(bench.until_unwanted(site::main_room_heater));
    CHECK(bench.reason(site::main_room_heater) == Reason::power);
    CHECK(bench.now() == start + 630s);
}
