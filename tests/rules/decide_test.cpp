#include "rules/decide.hpp"

#include <doctest/doctest.h>

#include "bench.hpp"
#include "rules/names.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("the worked case: the S21+ starts, the S19 waits for 54.50 V") {
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

TEST_CASE("the same inputs give the same decision, and the state that was given is not touched") {
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

TEST_CASE("every waiting load names a gate that blocks") {
    Bench bench;
    for (int i = 0; i < 200; ++i) {
        bench.tick();
        for (const Verdict& verdict : bench.last.verdicts) {
            if (verdict.wanted) continue;
            const bool blocked = std::any_of(verdict.gates.begin(), verdict.gates.end(),
                                             [](const Gate& gate) { return !gate.passes; });
            CHECK(blocked);
        }
    }
}
