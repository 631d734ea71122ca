// Tests of when the memory of the rules must be on disk at once, and when it may wait.
#include "daemon/journal/rule_state_saver.hpp"

#include <doctest/doctest.h>

#include "daemon/journal/rule_state_codec.hpp"
#include "tests/fakes/store.hpp"

using namespace volt;

namespace {

/// One miner that has rested since the start. The tests change it and advance time.
struct SaverBench {
    SaverBench() {
        state.loads.resize(1);
        state.loads[0].key = "s21";
        snapshot.now = 1000s;
        snapshot.utc = Utc{1'750'000'000'000};
        snapshot.clock_trusted = true;
    }
    /// Runs a turn, `later` than the one before. Returns true if it saved.
    bool saves(Duration later, bool reported = false) {
        snapshot.now += later;
        snapshot.utc += later;
        const std::size_t before = store.rule_states.size();
        saver.keep(state, policy, snapshot, charge, reported, store);
        return store.rule_states.size() > before;
    }

    Policy policy;
    RuleState state;
    SiteSnapshot snapshot;
    ChargeMemories charge;
    testing::FakeStore store;
    RuleStateSaver saver;
};

}  // namespace

TEST_CASE("saves an equal state every 15 min, or 10 while counting") {
    SaverBench bench;
    Duration every = 15min;
    SUBCASE("no bank") {}
    SUBCASE("bank") {
        bench.policy.preferences.bank_wh = 14'000;
        every = 10min;
    }
    CHECK(bench.saves(0s));
    CHECK(bench.store.state_urgent);
    CHECK_FALSE(bench.saves(1s));
    CHECK_FALSE(bench.saves(every - 2s));
    CHECK(bench.saves(1s));
    CHECK_FALSE(bench.store.state_urgent);
    CHECK_FALSE(bench.saves(every - 1s));
    CHECK(bench.saves(1s));
}

TEST_CASE("saves changes that must survive a crash at once") {
    SaverBench bench;
    bench.saves(0s);
    bool reported = false, at_once = true;
    SUBCASE("start") { bench.state.loads[0].on_since = bench.snapshot.now; }
    SUBCASE("override") { bench.state.loads[0].override_ = OverrideKind::off; }
    SUBCASE("charge block") { bench.state.charge.cold = true; }
    SUBCASE("register that holds the block") { bench.charge.victron.ours = true; }
    SUBCASE("reported change") { reported = true; }
    SUBCASE("runtime") {
        bench.state.loads[0].runtime_today = 60s;
        at_once = false;
    }
    CHECK(bench.saves(1s, reported) == at_once);
    CHECK(bench.store.state_urgent);
    CHECK_FALSE(bench.saves(1s));
}

TEST_CASE("counts a change as stored only after its commit") {
    SaverBench bench;
    CHECK(bench.saver.stored(bench.store));
    bench.saves(0s);
    CHECK_FALSE(bench.saver.stored(bench.store));
    bench.store.state.rule_state = 1;
    CHECK(bench.saver.stored(bench.store));
    CHECK(bench.saves(15min));
    CHECK(bench.saver.stored(bench.store));
    bench.state.stage.recovering = true;
    CHECK(bench.saves(1s));
    CHECK_FALSE(bench.saver.stored(bench.store));
    bench.store.state.rule_state = 2;
    CHECK_FALSE(bench.saver.stored(bench.store));
    bench.store.state.rule_state = 3;
    CHECK(bench.saver.stored(bench.store));
}

TEST_CASE("counts a charge memory as stored only as saved or read") {
    SaverBench bench;
    bench.charge.sol_ark.ours = true;
    CHECK_FALSE(bench.saver.stored(bench.charge, bench.store));
    bench.saver.begin(bench.charge);
    CHECK(bench.saver.stored(bench.charge, bench.store));
    bench.charge.sol_ark.found_a = 120;
    CHECK_FALSE(bench.saver.stored(bench.charge, bench.store));
    bench.saves(0s);
    CHECK_FALSE(bench.saver.stored(bench.charge, bench.store));
    bench.store.state.rule_state = 1;
    CHECK(bench.saver.stored(bench.charge, bench.store));
}

TEST_CASE("saves an equal state at exit") {
    SaverBench bench;
    bench.state.loads[0].starts.add(900s);
    bench.saves(0s);
    bench.saver.save(bench.state, bench.policy, bench.snapshot, bench.charge, bench.store);
    REQUIRE(bench.store.rule_states.size() == 2);
    CHECK(bench.store.state_urgent);
    const Moment later{50s, bench.snapshot.utc + 60s, true};
    const auto back = decode_rule_state(bench.store.rule_states[1], bench.policy, later);
    REQUIRE(back);
    CHECK(back->loads.at(0).starts.at(0) == 50s - 160s);
}
