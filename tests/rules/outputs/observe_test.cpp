#include "rules/outputs/observe.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

std::vector<Time> asked_times(Bench& bench, Index output, Duration time) {
    std::vector<Time> times;
    for (const Time end = bench.now() + time; bench.now() < end;) {
        bench.tick();
        if (std::count(bench.last.ask.begin(), bench.last.ask.end(), output) > 0) times.push_back(bench.now());
    }
    return times;
}

}  // namespace

TEST_CASE("queries at start and after 60 s of silence") {
    Bench bench;
    const std::vector<Time> times = asked_times(bench, site::s19_relay, 130s);
    REQUIRE(times.size() == 3);
    CHECK(times[0] == 1000s);
    CHECK(times[1] == 1061s);
}

TEST_CASE("doubles the gap between unanswered queries, then reports unknown") {
    Bench bench;
    bench.run(5s);
    bench.device(site::s19_relay).answers = false;
    const std::vector<Time> times = asked_times(bench, site::s19_relay, 300s);
    REQUIRE(times.size() >= 5);
    CHECK(times[1] - times[0] == 10s);
    CHECK(times[2] - times[1] == 20s);
    CHECK(times[3] - times[2] == 40s);
    CHECK(times[4] - times[3] == 60s);
    CHECK(bench.load_state(site::s19) == LoadState::unknown);
    bench.device(site::s19_relay).answers = true;
    bench.run(62s);
    CHECK(bench.load_state(site::s19) == LoadState::off);
}

TEST_CASE("queries when the device or the broker comes back") {
    Bench bench;
    bench.run(5s).available(site::s19_relay, false).run(5s);
    bench.available(site::s19_relay, true).tick();
    CHECK(std::count(bench.last.ask.begin(), bench.last.ask.end(), site::s19_relay) == 1);
    bench.run(5s);
    bench.snapshot.broker_up_since = bench.now() + 1s;
    bench.tick();
    CHECK(bench.last.ask.size() == 6);
}

TEST_CASE("a retained state is only a hint") {
    for (const bool can_be_asked : {true, false}) {
        Bench bench;
        bench.volts(4900_cV).pv(0_W);
        bench.device(site::s21_relay).received = bench.device(site::s21_relay).answers = false;
        OutputReport& report = bench.report(site::s21_relay);
        report.hint = true;
        report.can_be_asked = can_be_asked;
        report.state = OutputState::on;
        bench.run(3s);
        CHECK(bench.load_state(site::s21) == LoadState::unknown);
        CHECK_FALSE(bench.wanted(site::s21));
    }
}

TEST_CASE("a hint that never settles counts as off") {
    for (const OutputState said : {OutputState::on, OutputState::off}) {
        Bench bench;
        bench.volts(4900_cV).pv(0_W);
        bench.device(site::s21_relay).received = bench.device(site::s21_relay).answers = false;
        OutputReport& report = bench.report(site::s21_relay);
        report.hint = true;
        report.can_be_asked = false;
        report.state = said;
        const Duration settles = bench.policy.control.adopt_timeout + bench.policy.control.start_hold;
        bench.run(settles - 2s);
        CHECK(bench.load_state(site::s21) == LoadState::unknown);
        CHECK(bench.times_of(site::s21_relay, false).empty());
        bench.run(4s);
        CHECK(bench.load_state(site::s21) != LoadState::unknown);
        CHECK(bench.times_of(site::s21_relay, false).empty() == (said == OutputState::off));
        CHECK(bench.times_of(site::s21_relay, true).empty());
        // Its rest is over: it starts like any other.
        bench.device(site::s21_relay).answers = true;
        bench.volts(5600_cV).pv(16000_W);
        report.hint = false;
        CHECK(bench.until_on(site::s21));
    }
}

TEST_CASE("a reading at the confirmation counts if it came alone") {
    for (const bool alone : {true, false}) {
        Bench bench;
        bench.policy.outputs[0].meter = true;
        bench.device(site::s21_relay).meters = false;
        REQUIRE(bench.until_on(site::s21));
        OutputReport& report = bench.report(site::s21_relay);
        report.power = {3100_W, *bench.state.outputs[0].confirmed_at, true};
        report.power_alone = alone;
        bench.run(650s);
        CHECK(bench.verdict(site::s21).draw == (alone ? 3100_W : 3878_W));
    }
}

TEST_CASE("a confirmation has the time of the first matching report") {
    Bench bench;
    bench.run(2s);
    bench.device(site::s21_relay).answers = false;
    for (int i = 0; i < 600 && !bench.wanted(site::s21); ++i) bench.tick();
    REQUIRE(bench.wanted(site::s21));
    OutputReport& report = bench.report(site::s21_relay);
    report.state = OutputState::on;
    report.state_at = bench.now() + 900ms;
    report.changed_at = bench.now() + 200ms;
    const Time changed = report.changed_at;
    bench.device(site::s21_relay).received = false;
    bench.tick();
    CHECK(bench.state.outputs[0].confirmed_at == changed);
}

TEST_CASE("ignores a reading taken before the last switching") {
    Bench bench;
    bench.device(site::s21_relay).meters = false;
    bench.report(site::s21_relay).power = {0_W, 1050s, true};
    bench.run(70s);
    REQUIRE(bench.load_state(site::s21) == LoadState::on);
    CHECK(bench.verdict(site::s21).draw == 3878_W);
    bench.run(700s);
    CHECK(bench.verdict(site::s21).draw == 3878_W);
}

TEST_CASE("queries a silent meter after each confirmation and every 60 s") {
    Bench bench;
    bench.run(30s).device(site::s21_relay).meters = false;
    REQUIRE(bench.until_on(site::s21));
    const Time confirmed = bench.now();
    const std::vector<Time> times = asked_times(bench, site::s21_relay, 135s);
    REQUIRE(times.size() >= 3);
    CHECK(times[0] == confirmed + 10s);
    CHECK(times[1] == confirmed + 70s);
    CHECK(times[2] == confirmed + 130s);
}
