#include "rules/align.hpp"

#include <doctest/doctest.h>

#include <string>

#include "rules/limits.hpp"
#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("memories follow their loads when the list changes") {
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

TEST_CASE("a missed night follows its load and is removed with it") {
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

TEST_CASE("stops a running load as a fault when its output vanishes") {
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

TEST_CASE("switches off outputs of a removed or moved load") {
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

TEST_CASE("switches off a fan that its zone no longer has") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.ask(TargetKind::fan, 0, OverrideKind::on).run(30s);
    REQUIRE(bench.state.outputs[site::heat_fan].on);
    bench.forget().change([](Policy& p) { p.zones[0].fan = no_index; });
    bench.tick();
    CHECK(bench.sent(site::heat_fan, false) == 1);
    bench.run(300s);
    CHECK(bench.times_of(site::heat_fan, true).empty());
    CHECK_FALSE(bench.state.outputs[site::heat_fan].ordered);
}

TEST_CASE("switches off a fan that its zone lost while voltd was down") {
    for (const bool disabled : {true, false}) {
        CAPTURE(disabled);
        Bench bench;
        REQUIRE(bench.until_on(site::s21));
        bench.ask(TargetKind::fan, 0, OverrideKind::on).run(30s);
        REQUIRE(bench.state.outputs[site::heat_fan].on);
        for (OutputMemory& output : bench.state.outputs) {  // as stored
            OutputMemory stored;
            stored.key = output.key;
            stored.ordered = output.ordered;
            stored.on = output.on;
            stored.level = output.level;
            stored.last_confirmed = output.last_confirmed;
            output = stored;
        }
        bench.state.zones[0].fan_override = OverrideKind::automatic;
        bench.state.started.reset();
        bench.forget().change([disabled](Policy& p) {
            if (disabled) p.zones[0].fan_enabled = false;
            else p.zones[0].fan = no_index;
        });
        bench.run(60s);
        CHECK_FALSE(bench.times_of(site::heat_fan, false).empty());
        CHECK(bench.device(site::heat_fan).state == OutputState::off);
    }
}

TEST_CASE("keeps the real rest of a row restored in shadow") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.run(60s);
    const StartHistory starts = bench.state.loads[0].starts;
    const Miner miner = bench.policy.miners[0];
    bench.change([](Policy& p) { p.control.live = false; });
    bench.run(60s);
    bench.change([](Policy& p) { p.miners.erase(p.miners.begin()); });
    bench.run(60s);
    bench.change([&](Policy& p) { p.miners.insert(p.miners.begin(), miner); });
    bench.run(5s);
    CHECK(bench.state.real[0].starts == starts);
    bench.change([](Policy& p) { p.control.live = true; });
    bench.tick();
    CHECK(bench.state.loads[0].starts == starts);
}

TEST_CASE("a restored row has its override, starts and rest again") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.ask(TargetKind::miner, 0, OverrideKind::off, std::nullopt).ask(TargetKind::fan, 0, OverrideKind::off, std::nullopt);
    bench.run(30s);
    bench.state.loads[0].short_runs = 2;
    const LoadMemory before = bench.state.loads[0];
    REQUIRE(before.starts.size() == 1);
    const Miner miner = bench.policy.miners[0];
    const Zone zone = bench.policy.zones[0];
    bench.change([](Policy& p) {
        p.miners.erase(p.miners.begin());
        p.zones.erase(p.zones.begin());
        for (Miner& m : p.miners) m.zone = no_index;
    });
    bench.run(60s);
    CHECK(bench.state.removed_loads.size() == 2);  // a heater is removed with its zone
    bench.change([&](Policy& p) {
        p.miners.insert(p.miners.begin(), miner);
        p.zones.insert(p.zones.begin(), zone);
    });
    bench.tick();
    CHECK(bench.verdict(site::s21).reason == Reason::override_off);
    CHECK(bench.state.loads[0].starts == before.starts);
    CHECK(bench.state.loads[0].short_runs == 2);
    CHECK(bench.state.zones[0].fan_override == OverrideKind::off);
    CHECK(bench.state.removed_loads.empty());
    CHECK(bench.state.removed_zones.empty());
    bench.run(600s);
    CHECK_FALSE(bench.wanted(site::s21));
}

TEST_CASE("keeps a bounded number of removed rows, newest first") {
    Bench bench;
    bench.tick();
    const Miner miner = bench.policy.miners[0];
    for (int i = 0; i < 20; ++i) {
        bench.change([&](Policy& p) {
            p.miners[0] = miner;
            p.miners[0].id = "miner " + std::to_string(i);
        });
        bench.ask(TargetKind::miner, 0, OverrideKind::off, std::nullopt).tick();
    }
    CHECK(bench.state.removed_loads.size() == limits::removed_kept);
    CHECK(bench.state.removed_loads.back().key == "miner 18");
}

TEST_CASE("a new device behind an output gets no ON while silent") {
    for (const bool silent : {true, false}) {
        CAPTURE(silent);
        Bench bench;
        bench.change([](Policy& p) { p.outputs[0].lease = 30s; });
        REQUIRE(bench.until_on(site::s21));
        bench.run(61s).forget();
        const bool other = bench.wanted(site::s19);
        forget_orders(bench.state, bench.policy, bench.policy.outputs[0].id);
        bench.change([](Policy&) {});
        bench.device(site::s21_relay).answers = bench.device(site::s21_relay).received = !silent;
        if (silent) bench.report(site::s21_relay).state_received = false;
        bench.run(60s);
        CHECK(bench.load_state(site::s21) == (silent ? LoadState::unknown : LoadState::on));
        CHECK(bench.wanted(site::s21) != silent);
        CHECK(bench.wanted(site::s19) == other);
        if (silent) CHECK(bench.times_of(site::s21_relay, true).empty());
        if (silent) CHECK_FALSE(bench.times_of(site::s21_relay, false).empty());  // only after it had time to answer
        for (const Command& command : bench.commands)
            if (command.on) CHECK(command.renewal);
    }
    Bench bench;
    bench.tick();
    const RuleState before = bench.state;
    forget_orders(bench.state, bench.policy, "nobody");
    CHECK(bench.state.started == before.started);
}

TEST_CASE("aligns nothing while the revision is unchanged") {
    Bench bench;
    bench.tick();
    RuleState state = bench.state;
    state.loads[0].key = "other";
    align(state, bench.policy);
    CHECK(state.loads[0].key == "other");
}

TEST_CASE("shadow: publishes reported states and drops imagined runs when it ends") {
    Bench bench;
    bench.policy.control.live = false;
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(site::s21); }));
    bench.run(400s);
    CHECK(bench.verdict(site::s21).state == LoadState::off);
    CHECK(bench.verdict(site::s21).starts_today == 0);
    CHECK(bench.verdict(site::s21).runtime_today == 0ms);
    bench.volts(4490_cV).run(10s);  // it would stop, and then have to rest
    CHECK_FALSE(bench.wanted(site::s21));
    bench.volts(5230_cV);
    bench.change([](Policy& p) { p.control.live = true; });
    bench.tick();
    CHECK(bench.state.loads[site::s21].starts.size() == 0);
    CHECK(bench.state.loads[site::s21].short_runs == 0);
    CHECK(bench.verdict(site::s21).gates.find(GateName::rest)->passes);
    CHECK(bench.state.real.empty());
}

TEST_CASE("shadow: keeps real counts visible and continues them when live") {
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
