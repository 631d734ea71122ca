#include "rules/loads/power.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("draw: is nominal until the meter is reliable") {
    Bench bench;
    bench.device(site::s21_relay).draws = 3103_W;
    bench.run(61s);
    const Time start = bench.now() - 1s;
    CHECK(bench.verdict(site::s21).draw == 3878_W);
    bench.run(178s);
    CHECK(bench.verdict(site::s21).draw == 3878_W);
    bench.run(1s);
    CHECK(bench.now() == start + 180s);
    CHECK(bench.verdict(site::s21).draw == 3103_W);
    Bench weak;
    weak.device(site::s21_relay).draws = 3102_W;
    weak.run(61s).run(598s);
    CHECK(weak.verdict(site::s21).draw == 3878_W);
    weak.run(2s);
    CHECK(weak.verdict(site::s21).draw == 3102_W);
}

TEST_CASE("base load: excludes the measured loads and is never negative") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.run(30s);
    CHECK(bench.last.power.load == 5728_W);
    CHECK(bench.last.power.base_load == 1850_W);
    bench.house_load(Watts{-2000}).run(2s);
    CHECK(bench.last.power.base_load == 0_W);
}

TEST_CASE("base load: does not fall while an unmetered load is young") {
    Bench bench;
    bench.policy.outputs[0].meter = false;
    bench.device(site::s21_relay).draws = 1000_W;
    REQUIRE(bench.until_on(site::s21));
    bench.run(300s);
    CHECK(bench.last.power.base_load == 1850_W);
    bench.house_load(3000_W).run(5s);
    CHECK(bench.last.power.base_load == 1850_W);
    bench.run(300s);
    CHECK(bench.last.power.base_load == 122_W);
}

TEST_CASE("base load: subtracts draws, not meters, while an unmetered load is young") {
    Policy policy = two_miners();
    policy.outputs[1].meter = false;
    Bench bench(policy);
    bench.device(site::s21_relay).draws = 2000_W;  // instead of 3,878 W: still warming up
    bench.pv(16000_W);
    REQUIRE(bench.until_on(0));
    REQUIRE(bench.until_on(1));
    bench.run(65s);
    CHECK(bench.last.power.base_load == 1850_W);
    bench.house_load(2850_W).run(5s);
    CHECK(bench.last.power.base_load == 1850_W);  // 8,728 W - 7,756 W is less than the kept value
}

TEST_CASE("base load: waits at most 60 s for newer readings after a switching") {
    Bench bench;
    bench.run(60s);
    bench.power_heard = false;
    bench.tick();
    REQUIRE(bench.wanted(site::s21));
    bench.run(5s);
    CHECK(bench.last.power.base_load == 1850_W);
    bench.power_heard = true;
    bench.run(2s);
    CHECK(bench.last.power.base_load == 1850_W);
}

TEST_CASE("a relay that reports off but draws counts as house load") {
    Bench bench;
    bench.volts(4900_cV).run(100s);
    bench.device(site::s21_relay).meters = false;
    const auto meter = [&](Watts w) {
        for (int i = 0; i < 30; ++i) {
            bench.report(site::s21_relay).power = {w, bench.now() + 1s, true};
            bench.tick();
        }
    };
    meter(387_W);
    bench.house_load(1850_W + 388_W);
    meter(388_W);
    CHECK(bench.verdict(site::s21).draw == 0_W);
    CHECK(bench.last.power.allocated == 0_W);
    CHECK(bench.last.power.base_load == 2238_W);
    CHECK_FALSE(bench.alarm(AlarmCode::output_stuck_on));
    meter(388_W);
    meter(388_W);
    CHECK(bench.alarm(AlarmCode::output_stuck_on));
}

TEST_CASE("ignores a meter reading between an order and its confirmation") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.run(700s);
    bench.device(site::s21_relay).obeys = false;
    bench.ask(TargetKind::miner, 0, OverrideKind::off).run(3s);
    CHECK(bench.verdict(site::s21).draw == 3878_W);  // measured after the order: it is still on
    bench.device(site::s21_relay).meters = false;
    bench.by_hand(site::s21_relay, OutputState::off).run(2s);
    CHECK(bench.load_state(site::s21) == LoadState::off);
    CHECK(bench.verdict(site::s21).draw == 0_W);
    CHECK(bench.last.power.base_load == 1850_W);
    CHECK(bench.last.power.excess == 6600_W);
}

TEST_CASE("a confirmed OFF that reverses a manual ON counts as switching") {
    Bench bench;
    bench.policy.outputs[0].external_override = ExternalSwitch::reassert;
    bench.house_load(900_W).volts(4900_cV).run(100s);
    bench.device(site::s21_relay).obeys = false;
    bench.by_hand(site::s21_relay, OutputState::on).run(5s);
    REQUIRE(bench.last.power.load == 4778_W);
    CHECK(bench.last.power.base_load == 900_W);
    bench.device(site::s21_relay).meters = bench.power_heard = false;
    bench.by_hand(site::s21_relay, OutputState::off).run(3s);
    CHECK(bench.load_state(site::s21) == LoadState::off);
    CHECK(bench.last.power.base_load == 900_W);  // site load and meter are older
    CHECK_FALSE(bench.verdict(site::s21).denied);
    bench.power_heard = true;
    bench.run(3s);
    CHECK(bench.last.power.base_load == 900_W);
}

TEST_CASE("base load: does not fall while an ordered load is unknown") {
    Bench bench;
    bench.policy.outputs[0].meter = false;
    REQUIRE(bench.until_on(site::s21));
    bench.run(700s);
    REQUIRE(bench.last.power.base_load == 1850_W);
    bench.device(site::s21_relay).state = OutputState::off;  // off together with its relay
    bench.available(site::s21_relay, false).run(5s);
    CHECK(bench.load_state(site::s21) == LoadState::unknown);
    CHECK(bench.last.power.base_load == 1850_W);
}

TEST_CASE("base load: excludes a load until its OFF is confirmed") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.run(700s);
    bench.device(site::s21_relay).obeys = false;
    bench.ask(TargetKind::miner, 0, OverrideKind::off).run(100s);
    CHECK(bench.last.power.base_load == 1850_W);  // on by its report
    bench.house_load(4778_W).device(site::s21_relay).draws = 0_W;
    bench.device(site::s21_relay).meters = false;
    bench.report(site::s21_relay).state = OutputState::off;
    bench.by_hand(site::s21_relay, OutputState::off).run(70s);
    CHECK(bench.last.power.base_load == 4778_W);
}

TEST_CASE("base load: is the whole site load while an ordered load reports off") {
    Bench bench;
    bench.policy.outputs[0].meter = false;
    bench.device(site::s21_relay).obeys = false;
    bench.run(61s);
    REQUIRE(bench.wanted(site::s21));
    bench.run(70s);
    REQUIRE(bench.load_state(site::s21) == LoadState::starting);
    bench.house_load(4000_W).run(2s);
    CHECK(bench.last.power.base_load == 4000_W);
}

TEST_CASE("a meter over 121 % of nominal counts as nominal") {
    for (const auto& [metered, base] : {std::pair{4692_W, 1036_W}, std::pair{4693_W, 1850_W}}) {
        Bench bench;
        REQUIRE(bench.until_on(site::s21));
        bench.device(site::s21_relay).meters = false;
        for (int i = 0; i < 700; ++i) {
            bench.report(site::s21_relay).power = {metered, bench.now() + 1s, true};
            bench.tick();
        }
        CHECK(bench.last.power.base_load == base);
    }
}
