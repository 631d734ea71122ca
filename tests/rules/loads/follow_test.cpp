#include "rules/loads/follow.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

Bench followed_s21() {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.run(61s).forget();
    return bench;
}

Bench restarted(Bench bench) {
    bench.state.started.reset();
    for (OutputMemory& output : bench.state.outputs) {
        const std::string key = output.key;
        output = {};
        output.key = key;
    }
    return bench;
}

}  // namespace

namespace {

/// Returns the bench as loaded from the store: the order without its confirmation.
Bench stored(Bench bench) {
    const std::vector<OutputMemory> before = bench.state.outputs;
    bench = restarted(std::move(bench));
    for (std::size_t i = 0; i < before.size(); ++i) {
        bench.state.outputs[i].ordered = before[i].ordered;
        bench.state.outputs[i].on = before[i].on;
        bench.state.outputs[i].level = before[i].level;
        bench.state.outputs[i].last_confirmed = before[i].last_confirmed;
    }
    return bench;
}

}  // namespace

TEST_CASE("a stored ON is no order for a load that returns off") {
    Bench bench = stored(followed_s21());
    bench.device(site::s21_relay).state = OutputState::off;
    bench.device(site::s21_relay).reported_at = bench.now() + 1s;
    bench.tick();
    CHECK(bench.state.loads[0].reason == Reason::fault);
    bench.run(299s);
    CHECK(bench.times_of(site::s21_relay, true).empty());
    CHECK(bench.blocks(site::s21, GateName::rest));
}

TEST_CASE("a stored ON waits for the report of its output") {
    Bench bench = stored(followed_s21());
    bench.device(site::s21_relay).received = bench.device(site::s21_relay).answers = false;
    bench.report(site::s21_relay).state_received = false;
    bench.run(60s);
    CHECK(bench.commands.empty());
    bench.device(site::s21_relay).answers = true;
    bench.run(60s);
    CHECK(bench.load_state(site::s21) == LoadState::on);
    for (const Command& command : bench.commands) CHECK(command.renewal);
}

TEST_CASE("a stored unconfirmed OFF continues") {
    Bench bench = followed_s21();
    bench.device(site::s21_relay).obeys = false;
    bench.volts(4480_cV).run(3s).volts(4600_cV).run(3s);  // recovering by now, which stops no running load
    Bench next = stored(bench);
    next.forget().tick();
    CHECK(next.sent(site::s21_relay, false) == 1);
    CHECK_FALSE(next.wanted(site::s21));
}

TEST_CASE("a load that is on at start keeps running without a command") {
    Bench bench;
    bench.device(site::s21_relay).state = OutputState::on;
    bench.tick();
    CHECK(bench.wanted(site::s21));
    CHECK(bench.load_state(site::s21) == LoadState::on);
    bench.run(10s);
    for (const Command& command : bench.commands) CHECK(command.renewal);
    CHECK(bench.verdict(site::s21).starts_today == 0);
}

TEST_CASE("a stored run continues from its own start time") {
    Bench bench = restarted(followed_s21());
    const std::optional<Time> on = bench.state.loads[0].on_since;
    bench.tick();
    CHECK(bench.wanted(site::s21));
    CHECK(bench.state.loads[0].on_since == on);
}

TEST_CASE("counts a load found off after a restart as stopped by fault") {
    Bench bench = restarted(followed_s21());
    bench.device(site::s21_relay).state = OutputState::off;
    bench.device(site::s21_relay).reported_at = bench.now() + 1s;
    bench.tick();
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.state.loads[0].reason == Reason::fault);
    CHECK(bench.blocks(site::s21, GateName::rest));
}

TEST_CASE("starts wait for silent outputs until the time-out") {
    Bench bench;
    for (Device& device : bench.devices) device.answers = device.received = false;
    bench.run(19s);
    CHECK(bench.commands.empty());
    CHECK(bench.load_state(site::s21) == LoadState::unknown);
    CHECK(bench.blocks(site::s21, GateName::output));
    bench.run(2s);
    CHECK(bench.times_of(site::s21_relay, false).size() == 1);
    Bench low;
    for (Device& device : low.devices) device.answers = device.received = false;
    low.volts(4480_cV).tick();
    CHECK(low.sent(site::s21_relay, false) == 1);
    CHECK(low.sent(site::s19_relay, false) == 1);
}

TEST_CASE("one silent output delays all starts for 20 s") {
    Bench bench;
    bench.policy.control.start_hold = 0s;
    bench.device(site::s19_relay).answers = bench.device(site::s19_relay).received = false;
    bench.run(19s);
    CHECK_FALSE(bench.wanted(site::s21));
    bench.tick();
    CHECK(bench.wanted(site::s21));
}

TEST_CASE("an output that goes offline after reporting delays no starts") {
    Bench bench;
    bench.run(5s).available(site::s19_relay, false).tick();
    CHECK_FALSE(bench.blocks(site::s21, GateName::output));
    CHECK(bench.blocks(site::s19, GateName::output));
}

TEST_CASE("an external OFF is adopted for an hour or reversed") {
    Bench bench = followed_s21();
    bench.by_hand(site::s21_relay, OutputState::off).tick();
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::override_off);
    CHECK(bench.verdict(site::s21).override_adopted);
    CHECK(*bench.verdict(site::s21).override_until == bench.now() + 1h);
    Bench firm = followed_s21();
    firm.policy.outputs[0].external_override = ExternalSwitch::reassert;
    firm.by_hand(site::s21_relay, OutputState::off).tick();
    CHECK_FALSE(firm.wanted(site::s21));
    CHECK(firm.reason(site::s21) == Reason::fault);
    CHECK(firm.sent(site::s21_relay, true) == 0);
    CHECK(firm.blocks(site::s21, GateName::rest));
    firm.run(firm.policy.miners[0].min_off);
    CHECK(firm.until_on(site::s21));
    CHECK_FALSE(firm.verdict(site::s21).override_adopted);
}

TEST_CASE("an OFF within 60 s of voltd's ON ends the run") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.run(10s).by_hand(site::s21_relay, OutputState::off).tick();
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::fault);
    CHECK(bench.sent(site::s21_relay, true) == 0);
}

TEST_CASE("a hint switches nothing on and is not adopted") {
    Bench bench;
    bench.volts(4900_cV).pv(0_W).run(400s);
    REQUIRE_FALSE(bench.wanted(site::s21));
    bench.forget();
    bench.device(site::s21_relay).state = OutputState::on;
    bench.report(site::s21_relay).hint = true;
    bench.run(600s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.times_of(site::s21_relay, true).empty());
}

TEST_CASE("a run of an offline output ends with its lease, unrenewed") {
    Bench bench = followed_s21();
    bench.report(site::s21_relay).lease = Lease::armed;
    bench.run(400s);
    REQUIRE(bench.wanted(site::s21));
    const Time sent = *bench.state.outputs[site::s21_relay].sent_at;
    const Duration lease = bench.policy.outputs[0].lease;
    bench.forget().available(site::s21_relay, false);
    bench.run(sent + lease + 4s - bench.now());
    CHECK(bench.wanted(site::s21));
    CHECK(bench.times_of(site::s21_relay, true).empty());
    CHECK(bench.last.power.allocated > 0_W);
    bench.run(2s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.blocks(site::s21, GateName::output));
    CHECK_FALSE(bench.times_of(site::s21_relay, false).empty());
    CHECK(bench.last.power.allocated == 0_W);  // its draw no longer counts
    bench.run(120s);
    CHECK(bench.state.outputs[site::s21_relay].last_on_at == sent);
}

TEST_CASE("an external ON is adopted if the unwaived gates pass") {
    Bench bench;
    bench.volts(4900_cV).pv(0_W).run(400s);
    CHECK_FALSE(bench.wanted(site::s21));
    bench.by_hand(site::s21_relay, OutputState::on).tick();
    CHECK(bench.wanted(site::s21));
    CHECK(bench.verdict(site::s21).override_adopted);
    CHECK(bench.reason(site::s21) == Reason::override_on);
    CHECK(bench.load_state(site::s21) == LoadState::on);
    Bench low;
    low.volts(4690_cV).run(400s);
    low.by_hand(site::s21_relay, OutputState::on).tick();
    CHECK_FALSE(low.wanted(site::s21));
    CHECK(low.sent(site::s21_relay, false) == 1);
    CHECK(low.load_state(site::s21) == LoadState::stopping);
    CHECK(low.reason(site::s21) == Reason::voltage);
    low.run(2s);
    CHECK(low.gate(site::s21, GateName::rest).have.value_or(0) < 10000);
}

TEST_CASE("an external ON ends an external OFF but no `off` override") {
    for (const bool asked : {false, true}) {
        CAPTURE(asked);
        Bench bench = followed_s21();
        if (asked) bench.ask(TargetKind::miner, 0, OverrideKind::off, 1h);
        else bench.by_hand(site::s21_relay, OutputState::off);
        bench.run(400s);
        REQUIRE(bench.reason(site::s21) == Reason::override_off);
        REQUIRE(bench.verdict(site::s21).override_adopted == !asked);
        bench.forget().by_hand(site::s21_relay, OutputState::on).run(3s);
        CHECK(bench.wanted(site::s21) == !asked);
        CHECK(bench.times_of(site::s21_relay, false).empty() == !asked);
        CHECK(bench.verdict(site::s21).override_ == (asked ? OverrideKind::off : OverrideKind::on));
    }
}

TEST_CASE("an external ON needs the stop voltage for the start hold") {
    for (const Duration above : {60s, 61s}) {
        Bench bench;
        bench.volts(4690_cV).run(400s);
        bench.volts(4880_cV).run(above - 1s);
        bench.by_hand(site::s21_relay, OutputState::on).tick();
        CHECK(bench.wanted(site::s21) == (above == 61s));  // 60 s after the first tick above it
        CHECK(bench.verdict(site::s21).override_adopted == (above == 61s));
    }
}

TEST_CASE("a lease end and a reboot into OFF count as stops") {
    Bench bench = followed_s21();
    bench.change([](Policy& p) { p.outputs[0].lease = 30s; });
    bench.snapshot.broker_up = true;
    bench.device(site::s21_relay).obeys = bench.device(site::s21_relay).answers = false;
    bench.sources_silent(true);
    bench.policy.control.blind_grace = 3600s;
    bench.step = 31s;
    bench.tick();
    bench.step = 1s;
    bench.by_hand(site::s21_relay, OutputState::off).tick();
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.state.loads[0].reason == Reason::fault);
    Bench reboot = followed_s21();
    reboot.available(site::s21_relay, false).run(5s);
    reboot.available(site::s21_relay, true);
    reboot.by_hand(site::s21_relay, OutputState::off).tick();
    CHECK_FALSE(reboot.wanted(site::s21));
    CHECK(reboot.state.loads[0].reason == Reason::fault);
    CHECK_FALSE(reboot.verdict(site::s21).override_adopted);
}

TEST_CASE("an unordered ON after a device restart causes OFF and alarm") {
    Bench bench;
    bench.volts(4900_cV).run(100s);
    bench.available(site::s21_relay, false).run(5s);
    bench.available(site::s21_relay, true);
    bench.by_hand(site::s21_relay, OutputState::on).tick();
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.sent(site::s21_relay, false) == 1);
    CHECK(bench.alarm(AlarmCode::power_on_state));
}

TEST_CASE("an ON during booting is not external, even after OFF") {
    for (const bool restarting : {true, false}) {
        CAPTURE(restarting);
        Bench bench;
        bench.volts(4900_cV).pv(0_W).run(400s);
        REQUIRE_FALSE(bench.wanted(site::s21));
        bench.available(site::s21_relay, false).run(5s);
        bench.available(site::s21_relay, true);
        bench.report(site::s21_relay).restarting = restarting;
        bench.by_hand(site::s21_relay, OutputState::off).run(2s);  // as ordered, while it boots
        bench.by_hand(site::s21_relay, OutputState::on).tick();
        CHECK(bench.verdict(site::s21).override_adopted != restarting);
        CHECK(bench.wanted(site::s21) != restarting);
        CHECK(bench.sent(site::s21_relay, false) == (restarting ? 1 : 0));
        CHECK(bench.alarm(AlarmCode::power_on_state) == restarting);
    }
}

TEST_CASE("a late first report after an outage belongs to the restart") {
    Bench bench;
    bench.volts(4900_cV).pv(0_W).run(400s);
    bench.available(site::s21_relay, false).run(5s);
    bench.device(site::s21_relay).answers = false;
    bench.available(site::s21_relay, true).run(70s);
    bench.by_hand(site::s21_relay, OutputState::on).tick();
    CHECK(bench.alarm(AlarmCode::power_on_state));
    CHECK_FALSE(bench.wanted(site::s21));
}

TEST_CASE("an OFF soon after voltd's ON and the device's return ends the run") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.available(site::s21_relay, false).run(5s);
    bench.available(site::s21_relay, true).by_hand(site::s21_relay, OutputState::on);
    bench.report(site::s21_relay).restarting = true;
    bench.run(5s);
    bench.by_hand(site::s21_relay, OutputState::off).tick();
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::fault);
    CHECK(bench.sent(site::s21_relay, true) == 0);
}

TEST_CASE("an OFF soon after a device's return is no override") {
    Bench bench = followed_s21();
    bench.available(site::s21_relay, false).run(5s);
    bench.available(site::s21_relay, true).by_hand(site::s21_relay, OutputState::on);
    bench.report(site::s21_relay).restarting = true;
    bench.run(5s).forget();
    bench.by_hand(site::s21_relay, OutputState::off).run(30s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK_FALSE(bench.verdict(site::s21).override_adopted);
    CHECK(bench.times_of(site::s21_relay, true).empty());
}

TEST_CASE("an output that goes offline stops nothing and is not renewed") {
    Bench bench = followed_s21();
    bench.device(site::s21_relay).answers = false;
    bench.run(300s);
    CHECK(bench.wanted(site::s21));
    CHECK(bench.load_state(site::s21) == LoadState::unknown);
    CHECK(bench.times_of(site::s21_relay, true).size() <= 1);
}
