#include "rules/outputs/trip.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// Makes the device report its own protection in the next tick.
void speak(Bench& bench, OwnProtection word = OwnProtection::power) {
    bench.report(site::s21_relay).protection = word;
    bench.report(site::s21_relay).protection_at = bench.now() + 1s;
}

/// Runs the S21 until its start is well past.
void settle(Bench& bench) {
    REQUIRE(bench.until_on(site::s21));
    bench.run(100s);
}

Duration pause(const Bench& bench) {
    const std::optional<Time>& until = bench.state.outputs[0].trip_until;
    return until ? *until - bench.now() : Duration{};
}

}  // namespace

TEST_CASE("a relay's own trip raises an alarm and blocks starts 10 min") {
    for (const ExternalSwitch mode : {ExternalSwitch::adopt, ExternalSwitch::reassert}) {
        Bench bench;
        bench.change([mode](Policy& p) { p.outputs[0].external_override = mode; });
        settle(bench);
        speak(bench);
        bench.by_hand(site::s21_relay, OutputState::off).tick();
        CHECK(bench.alarm(AlarmCode::output_tripped));
        CHECK(bench.blocks(site::s21, GateName::output));
        CHECK(bench.load_state(site::s21) == LoadState::fault);
        CHECK(bench.state.loads[0].override_ == OverrideKind::automatic);
        CHECK(bench.state.loads[0].reason == Reason::fault);
        bench.run(598s);
        CHECK_FALSE(bench.wanted(site::s21));
        bench.run(2s);
        CHECK_FALSE(bench.alarm(AlarmCode::output_tripped));
        CHECK(bench.until_on(site::s21));
    }
}

TEST_CASE("switches off a relay that turns on by itself after a trip") {
    Bench bench;
    settle(bench);
    speak(bench);
    bench.by_hand(site::s21_relay, OutputState::off).run(65s);
    bench.commands.clear();
    bench.by_hand(site::s21_relay, OutputState::on).run(3s);
    REQUIRE_FALSE(bench.commands.empty());
    CHECK_FALSE(bench.commands.front().on);
    CHECK(bench.state.loads[0].override_ == OverrideKind::automatic);
    CHECK_FALSE(bench.wanted(site::s21));
}

TEST_CASE("a protection report after the OFF withdraws the override") {
    Bench bench;
    settle(bench);
    bench.by_hand(site::s21_relay, OutputState::off).tick();
    REQUIRE(bench.state.loads[0].override_ == OverrideKind::off);
    bench.run(30s);
    speak(bench, OwnProtection::temperature);
    bench.tick();
    CHECK(bench.state.loads[0].override_ == OverrideKind::automatic);
    CHECK(bench.alarm(AlarmCode::output_tripped));
}

TEST_CASE("a protection report more than 60 s away explains nothing") {
    Bench bench;
    settle(bench);
    speak(bench);
    bench.run(70s);
    bench.by_hand(site::s21_relay, OutputState::off).tick();
    CHECK(bench.state.loads[0].override_ == OverrideKind::off);
    CHECK_FALSE(bench.alarm(AlarmCode::output_tripped));
    bench.run(70s);
    speak(bench);
    bench.tick();
    CHECK(bench.state.loads[0].override_ == OverrideKind::off);
}

TEST_CASE("an ON by the device's own timer is not a person's") {
    Bench bench;
    settle(bench);
    bench.ask(TargetKind::miner, 0, OverrideKind::off, 1h).run(100s);
    speak(bench, OwnProtection::auto_on);
    bench.by_hand(site::s21_relay, OutputState::on).run(3s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK_FALSE(bench.commands.back().on);
}

TEST_CASE("takes an OFF by the device's own timer as the lease's end") {
    for (const Duration later : {Duration{}, Duration{20s}, Duration{90s}}) {
        CAPTURE(later);
        Bench bench;
        settle(bench);
        const auto say = [&] { bench.report(site::s21_relay).timer_off_at = bench.now() + 1s; };
        if (later == Duration{}) say();
        bench.by_hand(site::s21_relay, OutputState::off).tick();
        if (later > Duration{}) {
            CHECK(bench.state.loads[0].override_ == OverrideKind::off);
            bench.run(later);
            say();
            bench.tick();
        }
        CHECK(bench.state.loads[0].override_ == OverrideKind::automatic);
        CHECK_FALSE(bench.wanted(site::s21));
        CHECK_FALSE(bench.alarm(AlarmCode::output_tripped));
        CHECK(bench.state.outputs[0].disputes.empty());
        CHECK(bench.until_on(site::s21));
    }
}

TEST_CASE("counts no end of a lease as a second controller") {
    for (const bool at_once : {true, false}) {
        Bench bench;
        bench.policy.outputs[0].external_override = ExternalSwitch::reassert;
        bench.change([](Policy& p) { p.miners[0].min_off = 60s; });
        for (int i = 0; i < 3; ++i) {
            settle(bench);
            if (at_once) bench.report(site::s21_relay).timer_off_at = bench.now() + 1s;
            bench.by_hand(site::s21_relay, OutputState::off).run(3s);
            bench.report(site::s21_relay).timer_off_at = bench.now();
            bench.run(2s);
        }
        CHECK_FALSE(bench.alarm(AlarmCode::second_controller));
    }
}

TEST_CASE("an OFF by hand after one by the timer is a person's") {
    Bench bench;
    settle(bench);
    OutputReport& report = bench.report(site::s21_relay);
    report.timer_off_at = bench.now() - 300s;
    report.changed_at = bench.now() + 1s;
    bench.by_hand(site::s21_relay, OutputState::off).tick();
    CHECK(bench.state.loads[0].override_ == OverrideKind::off);
}

TEST_CASE("answers an ON within a minute of an OFF by the timer") {
    Bench bench;
    settle(bench);
    bench.report(site::s21_relay).timer_off_at = bench.now() + 1s;
    bench.by_hand(site::s21_relay, OutputState::off).run(30s);
    bench.forget().by_hand(site::s21_relay, OutputState::on).run(3s);
    CHECK(bench.times_of(site::s21_relay, false).size() == 1);
    CHECK_FALSE(bench.wanted(site::s21));
}

TEST_CASE("the pause doubles with each trip in a day, up to 2 h") {
    Bench bench;
    settle(bench);
    for (const Duration expected :
         {Duration{10min}, Duration{20min}, Duration{40min}, Duration{80min}, Duration{2h}, Duration{2h}}) {
        OutputMemory& m = bench.state.outputs[0];
        trip(m, {.protection = OwnProtection::power}, bench.now());
        CHECK(pause(bench) == expected);
        CHECK(m.trips.size() <= 5);
    }
    OutputMemory& m = bench.state.outputs[0];
    trip(m, {.protection = OwnProtection::power}, bench.now() + 25h);
    CHECK(*m.trip_until - (bench.now() + 25h) == 10min);
}
