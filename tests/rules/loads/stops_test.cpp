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

TEST_CASE("emergency acts in the tick that has the voltage, just at it and not above") {
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

TEST_CASE("critical stops at 45.00 V, shutdown at 44.00 V, both at once") {
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

TEST_CASE("stop voltage: 47.00 V holds, below it the hold runs 30 s") {
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

TEST_CASE("a rise in between takes half of its time off the stop hold") {
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

TEST_CASE("the reserve stops a load that nothing but the bank can carry") {
    Bench bench = running_s21();
    bench.change([](Policy& p) { p.preferences.reserve = 5100_cV; });
    bench.pv(5728_W).battery(0_W).run(300s).volts(5040_cV);
    bench.powers_add_up = false;  // the sun goes, and the battery meter says nothing
    bench.pv(0_W).run(35s);
    CHECK(bench.wanted(site::s21));
    bench.run(5s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.verdict(site::s21).reserve);
}

TEST_CASE("an unknown power goes by voltage alone, but not where it is in doubt") {
    for (const bool stands : {false, true}) {
        CAPTURE(stands);
        Bench bench = running_s21();
        bench.change([&](Policy& p) {
            p.miners[0].operating_mode = OperatingMode::opportunistic;  // nothing of the battery is its own
            p.control.frozen = 900s;
        });
        if (!stands) bench.pv(std::nullopt);
        for (int t = 0; t < 960; ++t) bench.battery(Watts{1000 + t % 2}).house_load(Watts{1850 + t % 2 * 600}).tick();
        CHECK(bench.wanted(site::s21) == !stands);
        CHECK(bench.blocks(site::s21, GateName::power) == stands);
    }
}

TEST_CASE("voltage waits for min_on_s only above voltage_low and above the middle of stop and emergency") {
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

TEST_CASE("under voltage_low min_on_s does not count") {
    Bench bench = running_s21(0s);
    bench.volts(4699_cV).run(30s);
    CHECK(bench.wanted(site::s21));
    bench.tick();
    CHECK_FALSE(bench.wanted(site::s21));
}

TEST_CASE("of two that fall under their stop voltage the last in order goes first, the other begins its hold again") {
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

TEST_CASE("under voltage_low all stop at once") {
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

TEST_CASE("the reserve stops a load only while the battery gives power") {
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

TEST_CASE("power: more than 500 W short for the hold, after min_on_s; 2,000 W short at once after the hold") {
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

TEST_CASE("inverter: over 110 % for 5 s, the last in order, one after the other") {
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

TEST_CASE("inverter: the next load waits until the OFF before is confirmed and the site load was read after it") {
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

TEST_CASE("schedule stops at the end of its window after min_on_s, but never by a clock that is not trusted") {
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

TEST_CASE("blind for the grace: every load off, and nothing on again") {
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

TEST_CASE("the numbers of a stop are those of its reason") {
    Policy policy = default_site();
    policy.miners[site::s21].enabled = false;
    Bench bench(policy);
    bench.volts(5460_cV).pv(9000_W).house_load(500_W);  // below float: nothing is bridged
    REQUIRE(bench.until_on(site::s19));
    bench.battery(Watts{-1000}).run(700s).pv(7900_W).run(30s);
    bench.pv(1000_W);  // power fails too now, its hold has just begun
    REQUIRE(bench.until_unwanted(site::s19, 5s));
    CHECK(bench.reason(site::s19) == Reason::sun);
    CHECK(bench.verdict(site::s19).have == 1000);
    CHECK(bench.verdict(site::s19).need == 8000);
}

TEST_CASE("one stop, one deciding reason: the most severe") {
    Bench bench = running_s21();
    bench.ask(TargetKind::miner, 0, OverrideKind::off);
    bench.change([](Policy& p) {
        p.preferences.mode = SiteMode::off;
        p.miners[0].enabled = false;
    });
    bench.tick();
    CHECK(bench.reason(site::s21) == Reason::mode_off);
}

TEST_CASE("while changing to shadow every load goes off, override or not, its OFF is repeated, and nothing starts") {
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

TEST_CASE("a stop by `fault` blocks the gate `output` in its very tick") {
    Bench bench;
    bench.device(site::s21_relay).obeys = false;
    REQUIRE(bench.until([](const Bench& b) { return b.reason(site::s21) == Reason::fault; }));
    CHECK(bench.blocks(site::s21, GateName::output));
    CHECK(bench.gate(site::s21, GateName::output).remaining == 3600s);
}
