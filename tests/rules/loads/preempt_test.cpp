#include "rules/loads/preempt.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// Puts two loads behind the S21+, a larger and a smaller one, all on sun alone.
Policy three_loads() {
    Policy policy = default_site();
    policy.miners[0].operating_mode = OperatingMode::opportunistic;
    for (int i = 0; i < 2; ++i) {
        Miner miner = policy.miners[0];
        miner.id = miner.slug = i == 0 ? "second" : "third";
        miner.priority_level = 2 + i;
        miner.power = i == 0 ? 3000_W : 1000_W;
        miner.output = i == 0 ? site::s19_relay : 6;
        if (i == 0) policy.miners[1] = miner;
        else policy.miners.push_back(miner);
    }
    policy.outputs.push_back(relay("third", true));
    return policy;
}

Bench two_running(Watts pv) {
    Policy policy = three_loads();
    policy.miners[0].enabled = false;
    Bench bench(policy);
    bench.pv(pv).battery(Watts{-300});
    REQUIRE(bench.until_on(1));
    REQUIRE(bench.until_on(2));
    return bench;
}

}  // namespace

TEST_CASE("preempts only the needed loads of larger level") {
    Bench bench = two_running(1850_W + 3878_W + 1500_W);
    const Time on = *bench.state.loads[1].on_since;
    bench.change([](Policy& p) { p.miners[0].enabled = true; });
    bench.tick();
    CHECK(bench.blocks(0, GateName::power));
    REQUIRE(bench.until_unwanted(1));
    CHECK(bench.now() >= on + 600s);
    CHECK(bench.reason(1) == Reason::preempted);
    CHECK(bench.verdict(1).subject == 0);
    CHECK(bench.wanted(2));
    const Time off = bench.now();
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(0); }, 200s));
    CHECK(bench.now() <= off + 62s);
    CHECK(bench.wanted(2));
}

TEST_CASE("preempts both loads in one tick if both are needed") {
    Bench bench = two_running(1850_W + 4000_W);
    bench.run(700s);
    bench.change([](Policy& p) { p.miners[0].enabled = true; });
    bench.tick();
    const Time first = bench.now();
    REQUIRE(bench.until_unwanted(1));
    CHECK(bench.now() <= first + 100s);
    CHECK_FALSE(bench.wanted(2));
    Bench room = two_running(1850_W + 8500_W);
    room.run(700s);
    room.change([](Policy& p) { p.miners[0].enabled = true; });
    room.run(200s);
    CHECK(room.wanted(0));
    CHECK(room.wanted(1));
    CHECK(room.wanted(2));
}

TEST_CASE("power freed for a claimant counts as used for others") {
    Bench bench = two_running(1850_W + 3878_W + 1500_W);
    bench.change([](Policy& p) { p.miners[0].enabled = true; });
    REQUIRE(bench.until_unwanted(1));
    bench.run(3s);
    REQUIRE_FALSE(bench.wanted(0));
    CHECK(bench.gate(1, GateName::inverter).have == 1850 + 1000 + 3000 + 3878);
    CHECK(bench.gate(0, GateName::inverter).have == 1850 + 1000 + 3878);
}

TEST_CASE("no load stops for a load of the same level") {
    Bench bench = two_running(1850_W + 3878_W + 1500_W);
    bench.run(700s);
    bench.change([](Policy& p) {
        for (Miner& miner : p.miners) miner.priority_level = 1;
        p.miners[0].enabled = true;
    });
    bench.run(300s);
    CHECK(bench.wanted(1));
    CHECK(bench.wanted(2));
    CHECK_FALSE(bench.wanted(0));
}

TEST_CASE("never preempts a load with an `on` override") {
    Bench bench = two_running(1850_W + 4000_W);
    bench.run(700s).ask(TargetKind::miner, 1, OverrideKind::on, 24h);
    bench.change([](Policy& p) { p.miners[0].enabled = true; });
    bench.run(300s);
    CHECK(bench.wanted(1));
    CHECK_FALSE(bench.wanted(0));
}

TEST_CASE("larger levels wait up to an hour for a load lacking only power") {
    Policy policy = three_loads();
    policy.miners.pop_back();
    policy.outputs.pop_back();
    Bench bench(policy);
    bench.pv(1850_W + 3500_W).battery(Watts{-300}).run(100s);
    CHECK(bench.reason(0) == Reason::power);
    CHECK(bench.reason(1) == Reason::priority);
    CHECK(bench.gate(1, GateName::priority).subject == 0);
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(1); }, 2h));
    CHECK(bench.now() == 1000s + 3600s + (bench.state.loads[1].starts.at(0) - 4600s));
    CHECK(bench.now() >= 4600s);
    CHECK(bench.now() <= 4605s);
}

TEST_CASE("reserves freed power even if a running load sets the limit") {
    Policy policy = three_loads();
    policy.miners[0].enabled = policy.miners[1].enabled = false;
    policy.miners[1].power = 1000_W;
    policy.miners[1].operating_mode = OperatingMode::aggressive;
    policy.miners[2].power = 500_W;
    Bench bench(policy);
    bench.pv(1850_W + 4400_W).battery(Watts{-300});
    REQUIRE(bench.until_on(2));
    bench.run(100s);
    bench.state.site.claim = Claim{0, {0}, bench.now()};
    bench.state.loads[0].off_since = bench.now();
    bench.policy.miners[1].enabled = true;
    bench.tick();
    CHECK(bench.gate(1, GateName::power).have == 4400 - 500 - 3878);
    CHECK_FALSE(bench.wanted(1));
    bench.run(151s);  // the stagger, and then the hold of `power`
    CHECK(bench.wanted(1));
}

TEST_CASE("judges preemption before starts") {
    Policy policy = three_loads();
    policy.miners[0].enabled = policy.miners[2].enabled = false;
    Bench bench(policy);
    bench.pv(1850_W + 4000_W).battery(Watts{-300});
    REQUIRE(bench.until_on(1));
    bench.run(700s);
    bench.policy.miners[0].enabled = bench.policy.miners[2].enabled = true;
    bench.run(30s);
    REQUIRE(bench.wanted(1));
    REQUIRE(bench.state.loads[0].claim.since == bench.now() - 29s);
    bench.ask(TargetKind::miner, 2, OverrideKind::on).tick();
    CHECK(bench.wanted(2));
    CHECK_FALSE(bench.wanted(1));
    CHECK(bench.reason(1) == Reason::preempted);
}
