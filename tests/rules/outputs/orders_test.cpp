#include "rules/outputs/orders.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace orders_test {

namespace {

Bench running_s21() {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.run(61s).forget();
    return bench;
}

std::vector<Duration> gaps(const std::vector<Time>& times) {
    std::vector<Duration> result;
    for (std::size_t i = 1; i < times.size(); ++i) result.push_back(times[i] - times[i - 1]);
    return result;
}

}  // namespace

TEST_CASE("ON is tried five times, then OFF, alarm and an hour of rest") {
    Bench bench;
    bench.device(site::s21_relay).obeys = false;
    bench.run(61s);
    REQUIRE(bench.wanted(site::s21));
    const Time first = bench.now() - 1s;
    REQUIRE(bench.until_unwanted(site::s21));
    CHECK(bench.now() == first + 190s);
    CHECK(gaps(bench.times_of(site::s21_relay, true)) == std::vector<Duration>{10s, 20s, 40s, 60s});
    CHECK(bench.reason(site::s21) == Reason::fault);
    CHECK(bench.load_state(site::s21) == LoadState::fault);
    CHECK(bench.sent(site::s21_relay, false) == 1);
    CHECK(bench.alarm(AlarmCode::output_not_following));
    bench.run(3599s);
    CHECK(bench.blocks(site::s21, GateName::output));
    bench.run(2s);
    CHECK_FALSE(bench.blocks(site::s21, GateName::output));
}

TEST_CASE("queries the state before it repeats a command") {
    Bench bench;
    bench.run(59s);
    bench.device(site::s21_relay).answers = false;
    bench.run(2s);
    REQUIRE(bench.wanted(site::s21));
    bench.device(site::s21_relay).answers = true;
    bench.run(60s);
    CHECK(bench.times_of(site::s21_relay, true).size() == 1);
    CHECK(bench.load_state(site::s21) == LoadState::on);
}

TEST_CASE("repeats a shedding OFF every 10 s, others with doubling gaps") {
    for (const bool shed : {true, false}) {
        Bench bench = running_s21();
        bench.device(site::s21_relay).obeys = false;
        if (shed) bench.volts(4480_cV);
        else bench.ask(TargetKind::miner, 0, OverrideKind::off, 24h);
        bench.run(400s);
        const std::vector<Duration> seen = gaps(bench.times_of(site::s21_relay, false));
        REQUIRE(seen.size() >= 5);
        if (shed)
            for (const Duration gap : seen) CHECK(gap == 10s);
        else CHECK(std::vector<Duration>(seen.begin(), seen.begin() + 5) == std::vector<Duration>{10s, 20s, 40s, 60s, 60s});
        CHECK(bench.alarm(AlarmCode::output_not_following));
        CHECK(bench.load_state(site::s21) == LoadState::stopping);
        CHECK(bench.verdict(site::s21).draw == 3878_W);
    }
}

TEST_CASE("renews ON every third of the lease while wanted") {
    Bench bench = running_s21();
    bench.run(400s);
    const std::vector<Time> renewals = bench.times_of(site::s21_relay, true);
    REQUIRE(renewals.size() >= 3);
    for (const Duration gap : gaps(renewals)) CHECK(gap == 100s);
    for (const Command& command : bench.commands) CHECK(command.renewal);
    bench.ask(TargetKind::miner, 0, OverrideKind::off, 24h).tick();
    bench.forget().run(400s);
    CHECK(bench.times_of(site::s21_relay, true).empty());
}

TEST_CASE("pauses renewals after a 30 s gap until a good sample") {
    Bench bench = running_s21();
    bench.run(30s);
    bench.sources_silent(true);
    bench.step = 31s;
    bench.tick();
    bench.step = 1s;
    bench.run(5s);
    CHECK(bench.times_of(site::s21_relay, true).empty());
    bench.sources_silent(false).tick();
    CHECK(bench.sent(site::s21_relay, true) == 1);
}

TEST_CASE("shadow decides and commands nothing") {
    Bench bench;
    bench.policy.control.live = false;
    bench.run(3600s);
    CHECK(bench.commands.empty());
    CHECK(bench.wanted(site::s21));
    CHECK_FALSE(bench.alarm(AlarmCode::output_not_following));
}

TEST_CASE("tries do not count while the output is offline") {
    Bench bench = running_s21();
    bench.available(site::s21_relay, false);
    bench.ask(TargetKind::miner, 0, OverrideKind::off, 24h).run(300s);
    CHECK(bench.load_state(site::s21) == LoadState::unknown);
    CHECK_FALSE(bench.alarm(AlarmCode::output_not_following));
    bench.forget().available(site::s21_relay, true).tick();
    CHECK(bench.sent(site::s21_relay, false) == 1);
}

TEST_CASE("sends nothing while the broker is offline") {
    Bench bench = running_s21();
    bench.snapshot.broker_up = false;
    bench.volts(4480_cV).run(20s);
    CHECK(bench.commands.empty());
    CHECK_FALSE(bench.wanted(site::s21));
    bench.snapshot.broker_up = true;
    bench.snapshot.broker_up_since = bench.now() + 1s;
    bench.tick();
    CHECK(bench.sent(site::s21_relay, false) == 1);
}

TEST_CASE("sending confirms an output without state topic") {
    Bench bench;
    bench.report(site::s21_relay).confirms_by_sending = true;
    bench.device(site::s21_relay).received = false;
    bench.run(25s);
    CHECK(bench.times_of(site::s21_relay, false).size() == 1);
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(site::s21); }));
    bench.tick();
    CHECK(bench.load_state(site::s21) == LoadState::on);
}

TEST_CASE("does not repeat an unconfirmed ON to an offline output") {
    Bench bench;
    bench.device(site::s21_relay).obeys = false;
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(site::s21); }));
    bench.available(site::s21_relay, false).forget().run(60s);
    CHECK(bench.times_of(site::s21_relay, true).empty());
}

}  // namespace orders_test

TEST_CASE("an OFF that its meter denies is repeated and blocks the start") {
    Bench bench;
    bench.policy.outputs[0].meter = true;
    REQUIRE(bench.until_on(site::s21));
    bench.run(700s);
    REQUIRE(bench.wanted(site::s21));
    // Its contact is welded: it reports off and the meter shows the whole load.
    Device& plug = bench.device(site::s21_relay);
    bench.by_hand(site::s21_relay, OutputState::off);
    plug.meters = false;
    bench.house_load(5100_W);
    const auto pass = [&](Duration time) {
        for (Duration done{}; done < time; done += 1s) {
            bench.report(site::s21_relay).power = {3250_W, bench.now() + 1s, true};
            bench.tick();
        }
    };
    bench.forget();
    pass(60s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.times_of(site::s21_relay, false).size() >= 2);
    CHECK(bench.blocks(site::s21, GateName::output));
    CHECK_FALSE(bench.alarm(AlarmCode::output_not_following));
    bench.forget().volts(4380_cV);
    pass(60s);
    CHECK(bench.times_of(site::s21_relay, false).size() >= 5);
    bench.forget();
    for (int i = 0; i < 30; ++i) {
        bench.report(site::s21_relay).power = {0_W, bench.now() + 1s, true};
        bench.tick();
    }
    CHECK(bench.times_of(site::s21_relay, false).size() <= 1);
}

TEST_CASE("repeats a denied OFF for a load that was removed or disabled") {
    for (const bool removed : {true, false}) {
        CAPTURE(removed);
        Bench bench;
        bench.policy.outputs[0].meter = true;
        REQUIRE(bench.until_on(site::s21));
        bench.run(700s);
        // The contact is welded: the relay reports off, and the meter shows the whole load.
        bench.device(site::s21_relay).meters = false;
        const auto pass = [&](Duration time, Watts shown) {
            for (Duration done{}; done < time; done += 1s) {
                bench.report(site::s21_relay).power = {shown, bench.now() + 1s, true};
                bench.tick();
            }
        };
        bench.forget().house_load(5100_W).change([&](Policy& p) {
            if (removed) p.miners.erase(p.miners.begin());
            else p.miners[0].enabled = false;
        });
        pass(100s, 3250_W);
        CHECK(bench.times_of(site::s21_relay, false).size() >= 4);
        CHECK(bench.alarm(AlarmCode::output_stuck_on));
        bench.forget();
        pass(300s, 3250_W);
        CHECK(bench.times_of(site::s21_relay, false).size() >= 4);
        CHECK(bench.times_of(site::s21_relay, false).size() <= 7);
        bench.forget();
        pass(100s, 0_W);
        CHECK(bench.times_of(site::s21_relay, false).size() <= 1);
        CHECK_FALSE(bench.alarm(AlarmCode::output_stuck_on));
        CHECK(bench.state.outputs[0].ordered != removed);
    }
}

TEST_CASE("waits for the meter of an output without a load") {
    Bench bench;
    bench.policy.outputs[0].meter = true;
    REQUIRE(bench.until_on(site::s21));
    bench.run(700s);
    bench.device(site::s21_relay).meters = false;
    bench.change([](Policy& p) { p.miners.erase(p.miners.begin()); });
    bench.run(100s);
    CHECK(bench.state.outputs[0].ordered);
    SUBCASE("a person") {
        bench.forget().by_hand(site::s21_relay, OutputState::on).run(100s);
        CHECK(bench.times_of(site::s21_relay, false).empty());
    }
    SUBCASE("a meter that says nothing more") { bench.run(750s); }
    CHECK_FALSE(bench.state.outputs[0].ordered);
}

TEST_CASE("a meter above the whole site load is wrong and blocks nothing") {
    for (const bool room : {true, false}) {
        Bench bench;
        bench.policy.outputs[0].meter = true;
        REQUIRE(bench.until_on(site::s21));
        bench.run(700s);
        bench.by_hand(site::s21_relay, OutputState::off);
        bench.device(site::s21_relay).meters = false;
        bench.house_load(room ? 2750_W : 2749_W);
        for (int i = 0; i < 70; ++i) {
            bench.report(site::s21_relay).power = {3250_W, bench.now() + 1s, true};
            bench.tick();
        }
        CHECK(bench.verdict(site::s21).denied == 3250_W);
        CHECK(bench.blocks(site::s21, GateName::output) == room);
        REQUIRE(bench.alarm(AlarmCode::output_stuck_on));
        for (const Alarm& alarm : bench.last.alarms) {
            if (alarm.code != AlarmCode::output_stuck_on) continue;
            CHECK(alarm.have == 3250);
            CHECK((alarm.cause == AlarmCause::meter_high) == !room);
        }
    }
}
