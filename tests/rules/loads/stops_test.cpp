#include "rules/loads/stops.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

Bench running_s21(Duration age = 700s) {
    Bench bench;
    bench.policy.control.spike = 1000_cV;  // every sample counts at once
    REQUIRE(bench.until_on(site::s21));
    bench.run(age);
    bench.forget();
    return bench;
}

}  // namespace

TEST_CASE("emergency acts at exactly its voltage in the same tick") {
    Bench bench = running_s21(0s);
    bench.change([](Policy& p) { p.miners[0].emergency = 4600_cV; });
    bench.volts(4601_cV).tick();
    CHECK(bench.wanted(site::s21));
    bench.volts(4600_cV).tick();
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::emergency);
    CHECK(bench.verdict(site::s21).have == 4600);
    CHECK(bench.sent(site::s21_relay, false) == 1);
    CHECK(bench.last.commands.front().protection);
}

TEST_CASE("critical stops at 45.00 V and shutdown at 44.00 V at once") {
    for (const Volts v : {4500_cV, 4400_cV}) {
        Bench bench = running_s21(0s);
        bench.change([](Policy& p) { p.miners[0].emergency = 4000_cV; });
        bench.volts(v + 1_cV).tick();
        if (v == 4500_cV) CHECK(bench.wanted(site::s21));
        bench.volts(v).tick();
        CHECK_FALSE(bench.wanted(site::s21));
        CHECK(bench.reason(site::s21) == (v == 4500_cV ? Reason::critical : Reason::shutdown));
    }
}

TEST_CASE("a stop voltage holds at 47.00 V and stops below after 30 s") {
    Bench bench = running_s21();
    bench.change([](Policy& p) { p.miners[0].stop = 4800_cV; });
    bench.volts(4800_cV).run(60s);
    CHECK(bench.wanted(site::s21));
    bench.volts(4799_cV).tick();
    const Time first = bench.now();
    CHECK(bench.verdict(site::s21).remaining == 30s);
    REQUIRE(bench.until_unwanted(site::s21));
    CHECK(bench.now() == first + 30s);
    CHECK(bench.reason(site::s21) == Reason::voltage);
}

TEST_CASE("a rise takes half of its time off the stop hold") {
    Bench bench = running_s21();
    bench.volts(4690_cV).run(20s).volts(4710_cV).run(10s).volts(4690_cV).run(15s);
    CHECK(bench.wanted(site::s21));
    bench.tick();
    CHECK_FALSE(bench.wanted(site::s21));
}

TEST_CASE("one low sample of three never stops a load") {
    Bench bench = running_s21();
    for (int t = 0; t < 900; ++t) bench.volts(t % 3 == 0 ? 4690_cV : 4710_cV).tick();
    CHECK(bench.wanted(site::s21));
}

TEST_CASE("the reserve stops a load that only the bank can carry") {
    Bench bench = running_s21();
    bench.change([](Policy& p) { p.preferences.reserve = 5100_cV; });
    bench.pv(5728_W).battery(0_W).run(300s).volts(5040_cV);
    bench.powers_add_up = false;  // the sun is gone, and the battery meter reads nothing
    bench.pv(0_W).run(35s);
    CHECK(bench.wanted(site::s21));
    bench.run(5s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.verdict(site::s21).reserve);
}

TEST_CASE("an unknown power leaves the decision to voltage unless in doubt") {
    for (const bool stands : {false, true}) {
        CAPTURE(stands);
        Bench bench = running_s21();
        bench.change([&](Policy& p) {
            p.miners[0].operating_mode = OperatingMode::opportunistic;  // no share of the battery
            p.control.frozen = 900s;
        });
        if (!stands) bench.pv(std::nullopt);
        for (int t = 0; t < 960; ++t) bench.battery(Watts{1000 + t % 2}).house_load(Watts{1850 + t % 2 * 600}).tick();
        CHECK(bench.wanted(site::s21) == !stands);
        CHECK(bench.blocks(site::s21, GateName::power) == stands);
    }
}

TEST_CASE("a voltage stop waits for min_on_s only above two limits") {
    struct Row {
        Volts v;
        bool waits;
    };
    for (const Row& row : {Row{4799_cV, true}, Row{4751_cV, true}, Row{4750_cV, false}, Row{4700_cV, false}}) {
        Bench bench = running_s21(0s);
        bench.change([](Policy& p) {
            p.miners[0].stop = 4900_cV;
            p.miners[0].emergency = 4600_cV;
        });
        bench.volts(row.v).run(31s);
        CAPTURE(row.v.steps);
        CHECK(bench.wanted(site::s21) == row.waits);
        if (!row.waits) continue;
        CHECK(bench.reason(site::s21) == Reason::min_on);
        CHECK(bench.verdict(site::s21).waiting == Reason::voltage);
        const Time on = *bench.state.loads[0].on_since;
        REQUIRE(bench.until_unwanted(site::s21));
        CHECK(bench.now() == on + 600s);
        CHECK(bench.reason(site::s21) == Reason::voltage);
    }
}

TEST_CASE("voltage under voltage_low ignores min_on_s") {
    Bench bench = running_s21(0s);
    bench.volts(4699_cV).run(30s);
    CHECK(bench.wanted(site::s21));
    bench.tick();
    CHECK_FALSE(bench.wanted(site::s21));
}

TEST_CASE("the last in order stops first under the stop voltage") {
    Policy policy = two_miners();
    policy.miners[1].power = 1000_W;
    for (Miner& miner : policy.miners) miner.stop = 4900_cV;
    for (Miner& miner : policy.miners) miner.emergency = 4000_cV;
    policy.control.spike = 1000_cV;
    Bench bench(policy);
    bench.pv(12000_W);
    REQUIRE(bench.until_on(0));
    REQUIRE(bench.until_on(1));
    bench.run(700s).volts(4890_cV).tick();
    const Time first = bench.now();
    REQUIRE(bench.until_unwanted(1));
    CHECK(bench.now() == first + 30s);
    CHECK(bench.wanted(0));
    REQUIRE(bench.until_unwanted(0));
    CHECK(bench.now() == first + 60s);
}

TEST_CASE("all loads stop at once under voltage_low") {
    Policy policy = default_site();
    policy.miners[1] = s21_profile();
    policy.miners[1].id = policy.miners[1].slug = "second";
    policy.miners[1].output = site::s19_relay;
    policy.miners[1].power = 1000_W;
    policy.control.spike = 1000_cV;
    Bench bench(policy);
    bench.pv(12000_W);
    REQUIRE(bench.until_on(0));
    REQUIRE(bench.until_on(1));
    bench.run(700s).volts(4690_cV).run(31s);
    CHECK_FALSE(bench.wanted(0));
    CHECK_FALSE(bench.wanted(1));
}

TEST_CASE("the reserve stops a load only while the battery discharges") {
    Bench bench = running_s21();
    bench.change([](Policy& p) { p.preferences.reserve = 5000_cV; });
    bench.volts(4999_cV).battery(Watts{-200}).run(60s);
    CHECK(bench.wanted(site::s21));
    bench.battery(Watts{-201}).run(31s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::voltage);
    CHECK(bench.verdict(site::s21).reserve);
    CHECK(bench.verdict(site::s21).need == 5000);
}

TEST_CASE("power: stops more than 500 W short, and 2,000 W without min_on_s") {
    struct Row {
        Watts pv;
        bool waits, stops;
    };
    // Opportunistic in balanced mode has no share: headroom is PV - 1,850 W; the draw is 3,878 W.
    for (const Row& row :
         {Row{5228_W, false, false}, Row{5227_W, true, true}, Row{3729_W, true, true}, Row{3728_W, false, true}}) {
        Policy policy = default_site();
        policy.miners[0].operating_mode = OperatingMode::opportunistic;
        Bench bench(policy);
        bench.battery(Watts{-1000});
        REQUIRE(bench.until_on(site::s21));
        const Time on = *bench.state.loads[0].on_since;
        bench.run(300s).pv(row.pv).run(31s);
        CAPTURE(row.pv.steps);
        CHECK(bench.wanted(site::s21) == (row.waits || !row.stops));
        if (!row.waits) continue;
        CHECK(bench.reason(site::s21) == Reason::min_on);
        CHECK(bench.verdict(site::s21).waiting == Reason::power);
        REQUIRE(bench.until_unwanted(site::s21));
        CHECK(bench.now() == on + 600s);
        CHECK(bench.reason(site::s21) == Reason::power);
    }
}

TEST_CASE("inverter: sheds the last load after 5 s over 110 %") {
    Policy policy = two_miners();
    Bench bench(policy);
    bench.pv(16000_W);
    REQUIRE(bench.until_on(0));
    REQUIRE(bench.until_on(1));
    bench.house_load(13200_W - 7756_W).run(60s);
    CHECK(bench.wanted(1));
    bench.house_load(13201_W - 7756_W).tick();
    const Time first = bench.now();
    REQUIRE(bench.until_unwanted(1));
    CHECK(bench.now() == first + 5s);
    CHECK(bench.reason(1) == Reason::inverter);
    CHECK(bench.wanted(0));
    bench.house_load(20000_W).run(3s);
    CHECK_FALSE(bench.wanted(0));
}

TEST_CASE("inverter: sheds the next load after a confirmed OFF and newer reading") {
    Policy policy = two_miners();
    Bench bench(policy);
    bench.pv(16000_W);
    REQUIRE(bench.until_on(0));
    REQUIRE(bench.until_on(1));
    bench.device(site::s19_relay).obeys = false;
    bench.house_load(20000_W);
    REQUIRE(bench.until_unwanted(1));
    bench.run(8s);
    CHECK(bench.wanted(0));
    bench.device(site::s19_relay).obeys = true;
    REQUIRE(bench.until([](const Bench& b) { return b.load_state(1) == LoadState::off; }, 60s));
    CHECK(bench.wanted(0));
    bench.run(2s);
    CHECK_FALSE(bench.wanted(0));
}

TEST_CASE("schedule stops only by a trusted clock, after min_on_s") {
    Policy policy = default_site();
    policy.miners[0].allow_outside_schedule = false;
    policy.miners[0].preferred_start_s = 10 * 3600;
    policy.miners[0].preferred_end_s = 16 * 3600;
    Bench bench(policy);
    bench.clock(15, 55);
    REQUIRE(bench.until_on(site::s21));
    const Time on = *bench.state.loads[0].on_since;
    CHECK_FALSE(bench.verdict(site::s21).waiting);
    bench.run(299s);
    CHECK(bench.wanted(site::s21));
    CHECK(bench.verdict(site::s21).waiting == Reason::schedule);
    CHECK_FALSE(bench.verdict(site::s21).have);
    bench.snapshot.clock_trusted = false;
    bench.run(1000s);
    CHECK(bench.wanted(site::s21));
    CHECK(bench.now() > on + 600s);
    bench.snapshot.clock_trusted = true;
    bench.tick();
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::schedule);
}

TEST_CASE("blindness beyond the grace stops every load") {
    Bench bench = running_s21();
    bench.sources_silent(true);
    REQUIRE(bench.until([](const Bench& b) { return b.last.battery.stage == Stage::blind; }));
    const Time blind = bench.now();
    CHECK(bench.wanted(site::s21));
    REQUIRE(bench.until_unwanted(site::s21));
    CHECK(bench.now() == blind + 60s);
    CHECK(bench.reason(site::s21) == Reason::blind);
    bench.run(400s);
    for (const Time on : bench.times_of(site::s21_relay, true)) CHECK(on < blind + 60s);
}

TEST_CASE("a stop shows the numbers of its reason") {
    Policy policy = default_site();
    policy.miners[site::s21].enabled = false;
    Bench bench(policy);
    bench.volts(5460_cV).pv(9000_W).house_load(500_W);  // below float: nothing is bridged
    REQUIRE(bench.until_on(site::s19));
    bench.battery(Watts{-1000}).run(700s).pv(7900_W).run(30s);
    bench.pv(1000_W);  // power fails too, but its hold has just begun
    REQUIRE(bench.until_unwanted(site::s19, 5s));
    CHECK(bench.reason(site::s19) == Reason::sun);
    CHECK(bench.verdict(site::s19).have == 1000);
    CHECK(bench.verdict(site::s19).need == 8000);
}

TEST_CASE("the most severe reason decides a stop") {
    Bench bench = running_s21();
    bench.ask(TargetKind::miner, 0, OverrideKind::off);
    bench.change([](Policy& p) {
        p.preferences.mode = SiteMode::off;
        p.miners[0].enabled = false;
    });
    bench.tick();
    CHECK(bench.reason(site::s21) == Reason::mode_off);
}

TEST_CASE("a change to shadow stops every load and repeats its OFF") {
    Bench bench = running_s21();
    bench.ask(TargetKind::miner, 0, OverrideKind::on, 24h).tick();
    bench.device(site::s21_relay).obeys = false;
    bench.change([](Policy& p) { p.control.leaving = true; }).tick();
    CHECK(bench.reason(site::s21) == Reason::mode_off);
    bench.run(20s);
    CHECK(bench.times_of(site::s21_relay, false).size() == 3);
    bench.device(site::s21_relay).obeys = true;
    bench.run(400s);
    CHECK(bench.load_state(site::s21) == LoadState::off);
    CHECK(bench.blocks(site::s21, GateName::mode));
}

TEST_CASE("a `fault` stop blocks the gate `output` in the same tick") {
    Bench bench;
    bench.device(site::s21_relay).obeys = false;
    REQUIRE(bench.until([](const Bench& b) { return b.reason(site::s21) == Reason::fault; }));
    CHECK(bench.blocks(site::s21, GateName::output));
    CHECK(bench.gate(site::s21, GateName::output).remaining == 3600s);
}
