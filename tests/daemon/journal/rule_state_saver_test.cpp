// When the memory of the rules must be on disk at once, and when it may wait.
#include "daemon/journal/rule_state_saver.hpp"

#include <doctest/doctest.h>

#include "daemon/journal/rule_state_codec.hpp"
#include "tests/fakes/store.hpp"

using namespace volt;

namespace {

/// One miner that has rested since the start; the tests change it and move time.
struct SaverBench {
    SaverBench() {
        state.loads.resize(1);
        state.loads[0].key = "s21";
        snapshot.now = 1000s;
        snapshot.utc = Utc{1'750'000'000'000};
        snapshot.clock_trusted = true;
    }
    /// A turn, `later` than the one before. Whether it saved.
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

TEST_CASE("an equal state is saved once, then every 15 min without urgency; every 10 min while the bank is counted") {
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

TEST_CASE("what must survive a crash is saved in its turn and urgently, a runtime is not") {
    SaverBench bench;
    bench.saves(0s);
    bool reported = false, at_once = true;
    SUBCASE("a start") { bench.state.loads[0].on_since = bench.snapshot.now; }
    SUBCASE("an override") { bench.state.loads[0].override_ = OverrideKind::off; }
    SUBCASE("a block of charging") { bench.state.charge.cold = true; }
    SUBCASE("a register that holds the block") { bench.charge.victron.ours = true; }
    SUBCASE("a reported change") { reported = true; }
    SUBCASE("a runtime") {
        bench.state.loads[0].runtime_today = 60s;
        at_once = false;
    }
    CHECK(bench.saves(1s, reported) == at_once);
    CHECK(bench.store.state_urgent);
    CHECK_FALSE(bench.saves(1s));
}

TEST_CASE("a change is stored when the store has committed its number; a save without urgency is not waited for") {
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

TEST_CASE("a memory of the charge limit is stored only as it was saved, or as it was read at the start") {
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

TEST_CASE("the end of voltd saves an equal state too, and the text restores it") {
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
