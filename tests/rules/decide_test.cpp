#include "rules/decide.hpp"

#include <doctest/doctest.h>

#include "rules/names.hpp"
#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("the worked case starts the S21+ and holds the S19 until 54.50 V") {
    Bench bench;
    bench.run(1s);
    CHECK(bench.last.power.base_load == 1850_W);
    CHECK(bench.last.power.excess == 6600_W);
    CHECK(bench.last.power.available == 11600_W);
    CHECK(bench.last.battery.soc->steps == 6533);
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(site::s21); }));
    CHECK(bench.now() == 1060s);
    CHECK(bench.reason(site::s21) == Reason::running);
    CHECK(bench.load_state(site::s21) == LoadState::starting);
    CHECK(bench.sent(site::s21_relay, true) == 1);
    CHECK_FALSE(bench.wanted(site::s19));
    CHECK(bench.reason(site::s19) == Reason::voltage);
    const Gate& gate = bench.gate(site::s19, GateName::voltage);
    CHECK(gate.have == 5230);
    CHECK(gate.need == 5450);
    CHECK(bench.verdict(site::s19).flip->delta == 220);
    bench.run(2s);
    CHECK(bench.load_state(site::s21) == LoadState::on);
}

TEST_CASE("the same inputs give the same decision and leave the state untouched") {
    Bench bench;
    bench.run(59s);
    const RuleState before = bench.state;
    bench.snapshot.now += 1s;
    const Decision one = decide(bench.snapshot, bench.policy, before);
    const Decision other = decide(bench.snapshot, bench.policy, before);
    REQUIRE(one.verdicts.size() == other.verdicts.size());
    for (std::size_t i = 0; i < one.verdicts.size(); ++i) {
        CHECK(one.verdicts[i].wanted == other.verdicts[i].wanted);
        CHECK(one.verdicts[i].reason == other.verdicts[i].reason);
    }
    CHECK(before.site.last_tick == bench.state.site.last_tick);
}

TEST_CASE("every waiting load names a blocking gate") {
    Bench bench;
    for (int i = 0; i < 200; ++i) {
        bench.tick();
        for (const Verdict& verdict : bench.last.verdicts) {
            if (verdict.wanted) continue;
            const bool blocked =
                std::any_of(verdict.gates.begin(), verdict.gates.end(), [](const Gate& gate) { return !gate.passes; });
            CHECK(blocked);
        }
    }
}

TEST_CASE("a drifting wall clock moves no start, stop, rest or lease") {
    Bench straight, walking;
    std::uint32_t seed = 1;
    const auto random = [&seed](std::uint32_t below) { return (seed = seed * 1664525u + 1013904223u) / 65536u % below; };
    for (Bench* bench : {&straight, &walking}) bench->volts(5500_cV).clock(11);
    for (int t = 0; t < 4 * 3600; t += 5) {
        if (t % 300 == 0) {  // clouds, which start and stop loads
            const Watts pv{6000 + static_cast<std::int64_t>(random(8000))};
            const Watts battery = pv > 9000_W ? 1500_W : Watts{-1500};
            for (Bench* bench : {&straight, &walking}) bench->pv(pv).battery(battery);
        }
        if (t % 3600 == 1800) {  // up to 4 min, in both directions
            const int step = static_cast<int>(random(481)) - 240;
            walking.snapshot.utc += Utc{step * 1000};
            walking.snapshot.local.second_of_day += step;
        }
        if (t % 60 == 0) walking.snapshot.utc += Utc{25};
        for (Bench* bench : {&straight, &walking}) {
            bench->step = 5s;
            bench->tick();
        }
        REQUIRE(walking.last.commands.size() == straight.last.commands.size());
        for (std::size_t i = 0; i < straight.last.commands.size(); ++i) {
            const Command &one = straight.last.commands[i], &other = walking.last.commands[i];
            CHECK(one.output == other.output);
            CHECK(one.on == other.on);
            CHECK(one.renewal == other.renewal);
        }
        for (std::size_t i = 0; i < straight.last.verdicts.size(); ++i) CHECK(straight.reason(i) == walking.reason(i));
    }
    CHECK(straight.times_of(site::s19_relay, true).size() > 2);
}
