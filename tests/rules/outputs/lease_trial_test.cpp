// Lease trials: proofs of a relay's own timer in the rules, and how they end.
#include <doctest/doctest.h>

#include "rules/align.hpp"
#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace lease_trial_test {

namespace {

/// Leaves only the S19, at a voltage at which it does not start by itself.
Bench idle_s19() {
    Bench bench;
    bench.change([](Policy& policy) { policy.miners[site::s21].enabled = false; });
    bench.volts(5350_cV).run(90s);
    REQUIRE_FALSE(bench.wanted(site::s19));
    return bench;
}

void begin(Bench& bench, Index output) { bench.snapshot.lease_trial = {output, 60s}; }
void end(Bench& bench) { bench.snapshot.lease_trial = {}; }

/// Switches the S21 on by a trial, although the rules would run it anyway.
Bench tried_s21(Volts volts = 5230_cV) {
    Bench bench;
    bench.volts(volts);
    begin(bench, site::s21_relay);
    REQUIRE(bench.until_on(site::s21));
    REQUIRE(bench.verdict(site::s21).lease_trial);
    bench.run(5s).forget();
    return bench;
}

const LoadMemory& memory(const Bench& bench, std::size_t load) { return bench.state.loads[load]; }

}  // namespace

TEST_CASE("a trial sends one ON without renewal and ends with its override") {
    Bench bench = idle_s19();
    begin(bench, site::s19_relay);
    REQUIRE(bench.until_on(site::s19));
    CHECK(bench.verdict(site::s19).lease_trial);
    CHECK(bench.reason(site::s19) == Reason::override_on);
    CHECK(bench.times_of(site::s19_relay, true).size() == 1);
    bench.forget().run(250s);
    CHECK(bench.commands.empty());
    bench.by_hand(site::s19_relay, OutputState::off).run(2s);
    CHECK_FALSE(bench.wanted(site::s19));
    CHECK(memory(bench, site::s19).reason == Reason::fault);
    CHECK(bench.commands.empty());
    end(bench);
    bench.tick();
    CHECK(bench.verdict(site::s19).override_ == OverrideKind::automatic);
    CHECK_FALSE(bench.verdict(site::s19).lease_trial);
    bench.run(700s);
    CHECK(bench.commands.empty());
}

TEST_CASE("an early OFF in a trial is the timer's") {
    Bench bench = idle_s19();
    begin(bench, site::s19_relay);
    REQUIRE(bench.until_on(site::s19));
    bench.forget().run(20s);
    bench.by_hand(site::s19_relay, OutputState::off).run(5s);
    CHECK(bench.commands.empty());
    CHECK_FALSE(bench.wanted(site::s19));
    CHECK_FALSE(bench.verdict(site::s19).override_adopted);
}

TEST_CASE("a trial that ends with its relay on sends OFF") {
    Bench bench = tried_s21();
    end(bench);
    bench.tick();
    CHECK(bench.sent(site::s21_relay, false) == 1);
    CHECK(bench.reason(site::s21) == Reason::override_off);
    CHECK(bench.verdict(site::s21).override_ == OverrideKind::automatic);
    bench.run(3s);
    CHECK_FALSE(memory(bench, site::s21).lease_trial);
    CHECK(bench.until_on(site::s21));  // by its own rules, after its rest
    bench.forget().run(150s);
    CHECK(bench.times_of(site::s21_relay, true).size() == 1);  // renewed
}

TEST_CASE("blocks starts until the OFF of a trial is confirmed") {
    Bench bench = tried_s21();
    bench.change([](Policy& policy) { policy.miners[site::s21].min_off = 0s; });
    bench.device(site::s21_relay).obeys = false;
    end(bench);
    bench.run(300s);
    CHECK(bench.blocks(site::s21, GateName::override_));
    CHECK(memory(bench, site::s21).lease_trial);
    CHECK(bench.times_of(site::s21_relay, true).empty());
    CHECK(bench.times_of(site::s21_relay, false).size() >= 5);
    bench.device(site::s21_relay).obeys = true;
    CHECK(bench.until_on(site::s21));
}

TEST_CASE("a row removed in a trial returns without its override") {
    Bench bench = tried_s21();
    const Miner miner = bench.policy.miners[site::s21];
    bench.change([](Policy& policy) { policy.miners.erase(policy.miners.begin()); });
    end(bench);
    bench.tick();
    bench.change([&](Policy& policy) { policy.miners.insert(policy.miners.begin(), miner); });
    bench.tick();
    CHECK(bench.verdict(site::s21).override_ == OverrideKind::automatic);
}

TEST_CASE("a new device behind an output ends the override of its trial") {
    Bench bench = tried_s21();
    forget_orders(bench.state, bench.policy, bench.policy.outputs[site::s21_relay].id);
    end(bench);
    bench.change([](Policy&) {});
    bench.tick();
    CHECK(bench.verdict(site::s21).override_ == OverrideKind::automatic);
}

TEST_CASE("a restart during a trial switches the relay off") {
    Bench before = tried_s21();
    Bench bench;
    bench.snapshot.now = before.now();
    bench.state = before.state;
    bench.state.started.reset();
    for (OutputMemory& output : bench.state.outputs) {
        const std::string key = output.key;
        output = {};
        output.key = key;
    }
    bench.state.loads[site::s21].override_ = OverrideKind::automatic;  // only `off` may have no end in the store
    bench.device(site::s21_relay).state = OutputState::on;
    SUBCASE("the relay reports") { bench.device(site::s21_relay).reported_at = bench.now(); }
    SUBCASE("the relay is silent and the proof restarts") {
        bench.device(site::s21_relay).received = bench.device(site::s21_relay).answers = false;
        begin(bench, site::s21_relay);
    }
    bench.run(40s);
    CHECK(bench.times_of(site::s21_relay, true).empty());
    CHECK_FALSE(bench.times_of(site::s21_relay, false).empty());
    CHECK(bench.device(site::s21_relay).state == OutputState::off);
}

TEST_CASE("an emergency stop ends a trial for good") {
    Bench bench = tried_s21(4720_cV);
    bench.volts(4600_cV).run(3s);
    REQUIRE(bench.wanted(site::s21));
    bench.volts(4490_cV).tick();
    CHECK(bench.sent(site::s21_relay, false) == 1);
    CHECK(bench.reason(site::s21) == Reason::critical);
    bench.forget().run(900s);
    CHECK(bench.times_of(site::s21_relay, true).empty());
    Bench shut = tried_s21();
    shut.change([](Policy& policy) { policy.preferences.mode = SiteMode::off; }).tick();
    CHECK(shut.sent(site::s21_relay, false) == 1);
    CHECK(shut.reason(site::s21) == Reason::mode_off);
}

TEST_CASE("another override ends a trial and remains") {
    Bench bench = tried_s21();
    SUBCASE("off") {
        bench.ask(TargetKind::miner, 0, OverrideKind::off, std::nullopt).tick();
        CHECK(bench.sent(site::s21_relay, false) == 1);
        end(bench);
        bench.run(900s);
        CHECK(bench.verdict(site::s21).override_ == OverrideKind::off);
        CHECK_FALSE(bench.wanted(site::s21));
    }
    SUBCASE("on") {
        bench.ask(TargetKind::miner, 0, OverrideKind::on).tick();
        CHECK(bench.sent(site::s21_relay, false) == 1);
        end(bench);
        REQUIRE(bench.until_on(site::s21));
        CHECK(bench.verdict(site::s21).override_ == OverrideKind::on);
        CHECK_FALSE(bench.verdict(site::s21).lease_trial);
        bench.forget().run(150s);
        CHECK(bench.times_of(site::s21_relay, true).size() == 1);  // it is renewed
    }
    SUBCASE("auto") {
        bench.ask(TargetKind::miner, 0, OverrideKind::automatic).tick();
        CHECK(bench.sent(site::s21_relay, false) == 1);
    }
}

TEST_CASE("a trial removes no override and waits for unwaived gates") {
    Bench bench = idle_s19();
    bench.ask(TargetKind::miner, 1, OverrideKind::off, std::nullopt).tick();
    begin(bench, site::s19_relay);
    bench.run(60s);
    CHECK(bench.verdict(site::s19).override_ == OverrideKind::off);
    CHECK_FALSE(bench.verdict(site::s19).lease_trial);
    Bench low = idle_s19();
    begin(low, site::s19_relay);
    low.volts(5200_cV).run(300s);  // below its stop voltage
    CHECK(low.times_of(site::s19_relay, true).empty());
    CHECK(low.blocks(site::s19, GateName::voltage));
}

TEST_CASE("a required unreported lease does not block its own proof") {
    Bench bench = idle_s19();
    bench.change([](Policy& policy) { policy.outputs[site::s19_relay].require_lease = true; });
    bench.report(site::s19_relay).lease = Lease::unverified;
    bench.run(10s);
    CHECK(bench.blocks(site::s19, GateName::lease));
    begin(bench, site::s19_relay);
    REQUIRE(bench.until_on(site::s19));
    CHECK(bench.times_of(site::s19_relay, true).size() == 1);
}

TEST_CASE("a timer being set for a trial is no missing lease") {
    Bench bench = idle_s19();
    bench.change([](Policy& policy) { policy.outputs[site::s19_relay].require_lease = true; });
    OutputReport& report = bench.report(site::s19_relay);
    report.lease = Lease::unverified;
    report.unproven_since = bench.now();
    bench.run(3s);
    CHECK_FALSE(bench.alarm(AlarmCode::no_lease));
    bench.run(120s);
    CHECK(bench.alarm(AlarmCode::no_lease));
}

}  // namespace lease_trial_test
