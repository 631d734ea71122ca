#include "rules/align.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("memories follow their loads when the list changes; new ones start fresh, vanished ones go") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.change([](Policy& p) {
        std::swap(p.miners[0], p.miners[1]);
        Miner extra = s19_profile();
        extra.id = "new";
        extra.output = no_index;
        p.miners.insert(p.miners.begin(), extra);
    });
    RuleState state = bench.state;
    align(state, bench.policy);
    REQUIRE(state.loads.size() == 5);
    CHECK(state.loads[0].key == "new");
    CHECK_FALSE(state.loads[0].wanted);
    CHECK(state.loads[1].key == "s19");
    CHECK(state.loads[2].key == "s21");
    CHECK(state.loads[2].wanted);
    CHECK(state.site.order.size() == 5);
    CHECK(state.site.order.front() == 2);
}

TEST_CASE("a missed night follows its load when the list changes, and ends with it") {
    Bench bench;
    bench.tick();
    RuleState state = bench.state;
    state.site.missed.missed = MissedNight{1, MissedBy::sun, wh(500)};
    state.site.missed.plan.emplace().load = 0;
    bench.change([](Policy& p) { std::swap(p.miners[0], p.miners[1]); });
    align(state, bench.policy);
    REQUIRE(state.site.missed.missed);
    CHECK(state.site.missed.missed->load == 0);
    CHECK(state.site.missed.plan->load == 1);
    bench.change([](Policy& p) { p.miners.erase(p.miners.begin()); });
    align(state, bench.policy);
    CHECK_FALSE(state.site.missed.missed);
    REQUIRE(state.site.missed.plan);
    CHECK(state.site.missed.plan->load == 0);
}

TEST_CASE("a running load whose output vanishes from the wiring stops as a fault") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.change([](Policy& p) { p.miners[0].output = no_index; });
    bench.tick();
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::fault);
    CHECK(bench.load_state(site::s21) == LoadState::fault);
    bench.tick();
    CHECK(bench.reason(site::s21) == Reason::output);
}

TEST_CASE("what was on for a removed load, or for one that moved to another output, is switched off") {
    for (const bool removed : {true, false}) {
        CAPTURE(removed);
        Bench bench;
        REQUIRE(bench.until_on(site::s21));
        bench.change([&](Policy& p) {
            if (removed) p.miners.erase(p.miners.begin());
            else p.miners[0].output = no_index;
        });
        bench.tick();
        CHECK(bench.sent(site::s21_relay, false) == 1);
        bench.run(300s);
        CHECK(bench.times_of(site::s21_relay, true).back() < bench.times_of(site::s21_relay, false).back());
        // Once it is off it has no owner: someone may switch it.
        bench.forget().by_hand(site::s21_relay, OutputState::on).run(100s);
        CHECK(bench.times_of(site::s21_relay, false).empty());
    }
}

TEST_CASE("another device behind an output: a silent one gets no ON, one that runs is adopted, and the others go on") {
    for (const bool silent : {true, false}) {
        CAPTURE(silent);
        Bench bench;
        bench.change([](Policy& p) { p.outputs[0].lease = 30s; });
        REQUIRE(bench.until_on(site::s21));
        bench.run(61s).forget();
        const bool other = bench.wanted(site::s19);
        forget_orders(bench.state, bench.policy, bench.policy.outputs[0].id);
        bench.change([](Policy&) {});
        bench.device(site::s21_relay).answers = bench.device(site::s21_relay).heard = !silent;
        if (silent) bench.report(site::s21_relay).state_heard = false;
        bench.run(60s);
        CHECK(bench.load_state(site::s21) == (silent ? LoadState::unknown : LoadState::on));
        CHECK(bench.wanted(site::s21) != silent);
        CHECK(bench.wanted(site::s19) == other);
        if (silent) CHECK(bench.times_of(site::s21_relay, true).empty());
        if (silent) CHECK_FALSE(bench.times_of(site::s21_relay, false).empty());  // only once it had time to answer
        for (const Command& command : bench.commands)
            if (command.on) CHECK(command.renewal);
    }
    Bench bench;
    bench.tick();
    const RuleState before = bench.state;
    forget_orders(bench.state, bench.policy, "nobody");
    CHECK(bench.state.started == before.started);
}

TEST_CASE("nothing is aligned while the revision is the same") {
    Bench bench;
    bench.tick();
    RuleState state = bench.state;
    state.loads[0].key = "other";
    align(state, bench.policy);
    CHECK(state.loads[0].key == "other");
}

TEST_CASE("shadow: states are what the outputs report, and imagined runs are gone when live begins") {
    Bench bench;
    bench.policy.control.live = false;
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(site::s21); }));
    bench.run(400s);
    CHECK(bench.verdict(site::s21).state == LoadState::off);
    CHECK(bench.verdict(site::s21).starts_today == 0);
    CHECK(bench.verdict(site::s21).runtime_today == 0ms);
    bench.volts(4490_cV).run(10s);  // it would stop, and would have to rest
    CHECK_FALSE(bench.wanted(site::s21));
    bench.volts(5230_cV);
    bench.change([](Policy& p) { p.control.live = true; });
    bench.tick();
    CHECK(bench.state.loads[site::s21].starts.size() == 0);
    CHECK(bench.state.loads[site::s21].short_runs == 0);
    CHECK(bench.verdict(site::s21).gates.find(GateName::rest)->passes);
    CHECK(bench.state.real.empty());
}

TEST_CASE("shadow: real counts from before it stay visible, and continue when live is back") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.run(100s);
    const Duration ran = bench.verdict(site::s21).runtime_today;
    CHECK(ran > 0ms);
    bench.change([](Policy& p) { p.control.live = false; });
    bench.by_hand(site::s21_relay, OutputState::off).run(100s);
    CHECK(bench.verdict(site::s21).starts_today == 1);
    CHECK(bench.verdict(site::s21).runtime_today == ran);
    bench.change([](Policy& p) { std::swap(p.miners[0], p.miners[1]); });
    bench.run(5s);
    CHECK(bench.verdict(1).starts_today == 1);
    bench.ask(TargetKind::miner, 1, OverrideKind::off).tick();
    bench.change([](Policy& p) {
        std::swap(p.miners[0], p.miners[1]);
        p.control.live = true;
    });
    bench.tick();
    CHECK(bench.verdict(site::s21).starts_today == 1);
    CHECK(bench.state.loads[site::s21].starts.size() == 1);
    CHECK(bench.verdict(site::s21).override_ == OverrideKind::off);
}
