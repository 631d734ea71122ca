#include "rules/loads/verdicts.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("the flip of a gate is the missing amount with its hold") {
    Gate gate;
    gate.name = GateName::voltage;
    gate.unit = Unit::volts;
    gate.have = 5230;
    gate.need = 5450;
    gate.passes = false;
    const std::optional<Flip> flip = flip_of(gate, Control{});
    REQUIRE(flip);
    CHECK(flip->delta == 220);
    CHECK(flip->hold == 60s);
    gate.remaining = 12s;
    CHECK(flip_of(gate, Control{})->delta == 12000);
    CHECK(flip_of(gate, Control{})->unit == Unit::seconds);
}

TEST_CASE("a running load shows its distance from the stop voltage") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    CHECK(bench.verdict(site::s21).flip->delta == 4700 - 5230 - 1);
    CHECK(bench.verdict(site::s21).gates.size() == gate_count);
    for (const Gate& gate : bench.verdict(site::s21).gates) CHECK(gate.passes);
}

TEST_CASE("states follow off, starting, on, stopping, off with their times") {
    Bench bench;
    bench.run(59s);
    CHECK(bench.load_state(site::s21) == LoadState::off);
    bench.tick();
    CHECK(bench.load_state(site::s21) == LoadState::starting);
    CHECK(bench.verdict(site::s21).since == bench.now());
    bench.tick();
    CHECK(bench.load_state(site::s21) == LoadState::on);
    bench.ask(TargetKind::miner, 0, OverrideKind::off).tick();
    CHECK(bench.load_state(site::s21) == LoadState::stopping);
    CHECK(bench.reason(site::s21) == Reason::override_off);
    bench.tick();
    CHECK(bench.load_state(site::s21) == LoadState::off);
}

TEST_CASE("a load without a configured output is in fault") {
    Bench bench;
    bench.policy.miners[1].output = no_index;
    bench.run(5s);
    CHECK(bench.load_state(site::s19) == LoadState::fault);
    CHECK(bench.reason(site::s19) == Reason::voltage);
}

TEST_CASE("a waiting load of a tripped zone shows trip") {
    Bench bench;
    bench.run(5s).room(500_dK).run(5s);
    CHECK(bench.last.zones[site::heat_room].tripped);
    CHECK(bench.reason(site::s21) == Reason::trip);
}

TEST_CASE("a stop names the source that stopped it") {
    Bench bench;
    bench.policy.control.spike = 1000_cV;
    REQUIRE(bench.until_on(site::s21));
    bench.silent_sources[1] = true;
    bench.volts(4500_cV);
    bench.snapshot.voltages[1] = {{4390_cV, bench.now() + bench.step, true}, bench.now() + bench.step};
    bench.tick();
    CHECK(bench.reason(site::s21) == Reason::critical);
    CHECK(bench.verdict(site::s21).have == 4500);
    CHECK(bench.verdict(site::s21).source == no_index);
}
