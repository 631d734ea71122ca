#include "rules/loads/runs.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

LoadTick miner_of(const Miner& miner) {
    LoadTick load;
    load.miner = &miner;
    load.min_off = 300s;
    return load;
}

}  // namespace

TEST_CASE("rest doubles with short bad runs, up to two hours") {
    const Miner miner = s21_profile();
    const LoadTick load = miner_of(miner);
    LoadMemory m;
    struct Row {
        int runs;
        Duration rest;
    };
    for (const Row& row : {Row{0, 300s}, Row{1, 600s}, Row{2, 1200s}, Row{3, 2400s}, Row{4, 4800s}, Row{5, 7200s}}) {
        m.short_runs = row.runs;
        CHECK(rest_of(load, m, false) == row.rest);
    }
    for (const int nonsense : {-1, 6, 64, 1'000'000}) {
        m.short_runs = nonsense;
        CHECK(rest_of(load, m, false) == (nonsense < 0 ? 300s : Duration{7200s}));
    }
    LoadTick patient = load;
    patient.min_off = 9000s;
    CHECK(rest_of(patient, m, false) == 9000s);
    LoadTick heater;
    heater.min_off = 300s;
    CHECK(rest_of(heater, m, false) == 300s);
}

TEST_CASE("manual stops do not count as short runs") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.state.loads[0].short_runs = 2;
    bench.ask(TargetKind::miner, 0, OverrideKind::off).tick();
    CHECK(bench.state.loads[0].short_runs == 2);
    bench.ask(TargetKind::miner, 0, OverrideKind::automatic).tick();
    REQUIRE(bench.until_on(site::s21, 2h));
    bench.run(3600s);
    bench.ask(TargetKind::miner, 0, OverrideKind::off).tick();
    CHECK(bench.state.loads[0].short_runs == 0);
}

TEST_CASE("a short run that ended by voltage rests 600 s") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.run(60s).volts(4690_cV);
    REQUIRE(bench.until_unwanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::voltage);
    CHECK(bench.state.loads[0].short_runs == 1);
    bench.volts(5230_cV).tick();
    const Time off = *bench.state.loads[0].off_since;
    CHECK(bench.blocks(site::s21, GateName::rest));
    REQUIRE(bench.until([](const Bench& b) { return !b.blocks(site::s21, GateName::rest); }));
    CHECK(bench.now() == off + 600s);
}

TEST_CASE("the fourth start waits until the first is an hour old") {
    Bench bench;
    bench.change([](Policy& p) { p.miners[0].min_off = 0s; });
    std::vector<Time> starts;
    for (int i = 0; i < 3; ++i) {
        REQUIRE(bench.until([](const Bench& b) { return b.wanted(site::s21); }));
        starts.push_back(bench.now());
        bench.run(5s).ask(TargetKind::miner, 0, OverrideKind::off).tick();
        bench.run(2s).ask(TargetKind::miner, 0, OverrideKind::automatic).tick();
    }
    bench.run(70s);
    CHECK(bench.reason(site::s21) == Reason::starts);
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(site::s21); }, 2h));
    CHECK(bench.now() == starts[0] + 1h);
    CHECK(bench.verdict(site::s21).starts_today == 4);
}

TEST_CASE("runtime counts to its daily limit and resets at midnight") {
    Bench bench;
    bench.change([](Policy& p) { p.miners[0].max_runtime_day = 600s; });
    REQUIRE(bench.until_on(site::s21));
    const Time on = bench.now();
    REQUIRE(bench.until_unwanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::runtime);
    CHECK(bench.now() == on + 600s);
    bench.run(3600s);
    CHECK(bench.reason(site::s21) == Reason::runtime);
    bench.snapshot.local.day -= 1;
    bench.run(2s);
    CHECK(bench.reason(site::s21) == Reason::runtime);
    bench.snapshot.local = {20001, 0};
    bench.tick();
    CHECK(bench.wanted(site::s21));
}

TEST_CASE("a load rests for an hour after its continuous limit") {
    Bench bench;
    bench.change([](Policy& p) { p.miners[0].max_continuous = 900s; });
    REQUIRE(bench.until_on(site::s21));
    const Time on = *bench.state.loads[0].on_since;
    REQUIRE(bench.until_unwanted(site::s21));
    CHECK(bench.now() == on + 900s);
    bench.tick();
    const Time off = *bench.state.loads[0].off_since;
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(site::s21); }, 2h));
    CHECK(bench.now() == off + 1h);
}

TEST_CASE("an unconfirmed start restarts the voltage hold only after a dip") {
    for (const bool dips : {false, true}) {
        Bench bench;
        bench.device(site::s21_relay).obeys = false;
        bench.run(61s);
        REQUIRE(bench.wanted(site::s21));
        bench.volts(dips ? 4990_cV : 5230_cV).run(3s).volts(5230_cV).run(5s);
        bench.ask(TargetKind::miner, 0, OverrideKind::off).run(2s);
        REQUIRE_FALSE(bench.wanted(site::s21));
        CHECK(bench.gate(site::s21, GateName::voltage).passes == !dips);
    }
    Bench ran;
    REQUIRE(ran.until_on(site::s21));
    ran.run(5s).ask(TargetKind::miner, 0, OverrideKind::off).run(2s);
    CHECK(ran.gate(site::s21, GateName::voltage).hold);
}
