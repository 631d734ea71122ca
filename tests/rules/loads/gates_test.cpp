#include "rules/loads/gates.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("voltage passes 60 s after the first true tick") {
    Bench bench;
    bench.volts(4999_cV).run(100s).volts(5000_cV).tick();
    const Time first = bench.now();
    CHECK(bench.gate(site::s21, GateName::voltage).hold);
    CHECK(bench.reason(site::s21) == Reason::hold);
    CHECK(bench.gate(site::s21, GateName::voltage).remaining == 60s);
    bench.run(59s);
    CHECK_FALSE(bench.wanted(site::s21));
    bench.tick();
    CHECK(bench.now() == first + 60s);
    CHECK(bench.wanted(site::s21));
}

TEST_CASE("a tick gap over 5 s restarts the start holds") {
    Bench bench;
    bench.run(50s);
    bench.step = 5s;
    bench.tick();
    bench.step = 1s;
    bench.run(9s);
    CHECK(bench.wanted(site::s21));
    Bench other;
    other.run(50s);
    other.step = 6s;
    other.tick();
    other.step = 1s;
    other.run(59s);
    CHECK_FALSE(other.wanted(site::s21));
    other.tick();
    CHECK(other.wanted(site::s21));
}

TEST_CASE("a start on the battery needs the reserve plus 1.5 V") {
    Bench bench;
    bench.change([](Policy& p) { p.preferences.reserve = 5100_cV; });
    bench.pv(0_W).run(100s);
    CHECK(bench.gate(site::s21, GateName::voltage).need == 5250);
    CHECK_FALSE(bench.wanted(site::s21));
    bench.volts(5249_cV).run(100s);
    CHECK_FALSE(bench.wanted(site::s21));
    bench.volts(5230_cV).pv(1850_W + 3877_W).run(100s);
    CHECK_FALSE(bench.wanted(site::s21));
    bench.pv(1850_W + 3878_W).run(100s);
    CHECK(bench.wanted(site::s21));
}

TEST_CASE("a predicted sag to exactly the floor blocks") {
    Bench bench;
    // 3,878 W at 10 mOhm and 50.00 V: 776 mV.
    bench.change([](Policy& p) { p.miners[0].stop = 4922_cV; });
    bench.volts(5000_cV).tick();
    CHECK(bench.verdict(site::s21).sag_mv == 776);
    CHECK_FALSE(bench.blocks(site::s21, GateName::predicted_sag));
    bench.change([](Policy& p) { p.miners[0].stop = 4923_cV; });
    bench.tick();
    CHECK(bench.blocks(site::s21, GateName::predicted_sag));
}

TEST_CASE("predicted sag must stay above voltage_low too") {
    Bench bench;
    bench.change([](Policy& p) { p.miners[site::s21].stop = 4650_cV; });
    // 3,878 W at 10 mOhm and 47.83 V: 811 mV; 47.82 V: 812 mV and too little is left above 47.00 V.
    bench.volts(4783_cV).run(2s);
    CHECK_FALSE(bench.blocks(site::s21, GateName::predicted_sag));
    bench.volts(4781_cV).run(2s);
    CHECK(bench.gate(site::s21, GateName::predicted_sag).need == 4700);
    CHECK(bench.blocks(site::s21, GateName::predicted_sag));
}

TEST_CASE("an online output without a reported state never starts") {
    Bench bench;
    bench.volts(4900_cV).run(60s);
    Device& relay = bench.device(site::s21_relay);
    relay.answers = relay.received = false;
    REQUIRE(bench.until([](const Bench& b) { return b.blocks(site::s21, GateName::output); }, 600s));
    bench.volts(5230_cV).run(300s);
    CHECK(bench.blocks(site::s21, GateName::output));
    CHECK(bench.load_state(site::s21) == LoadState::unknown);
    CHECK_FALSE(bench.wanted(site::s21));
}

TEST_CASE("sag must not pull a running smaller-level load under its stop voltage") {
    Policy policy = default_site();
    policy.miners[0].stop = 5220_cV;
    policy.miners[0].start = 5225_cV;
    policy.miners[1] = s21_profile();
    policy.miners[1].id = policy.miners[1].slug = "second";
    policy.miners[1].output = site::s19_relay;
    policy.miners[1].priority_level = 2;
    policy.preferences.internal_resistance_mohm = 1;
    Bench bench(policy);
    bench.pv(16000_W);
    bench.change([](Policy& p) { p.miners[1].power = 1500_W; });
    bench.volts(5230_cV);
    REQUIRE(bench.until_on(0));
    bench.change([](Policy& p) { p.preferences.internal_resistance_mohm = 4; });
    bench.run(200s);
    CHECK_FALSE(bench.wanted(1));
    CHECK(bench.blocks(1, GateName::predicted_sag));
    CHECK(bench.gate(1, GateName::predicted_sag).subject == 0);
}

TEST_CASE("the S19 needs sun, excess and weather") {
    Bench bench;
    bench.volts(5500_cV).pv(8000_W).battery(Watts{-300});
    bench.change([](Policy& p) { p.miners[0].enabled = false; });
    bench.clock(12).run(62s);
    CHECK(bench.wanted(site::s19));
    Bench dim;
    dim.volts(5500_cV).pv(7999_W).battery(Watts{-300}).clock(12);
    dim.change([](Policy& p) { p.miners[0].enabled = false; });
    dim.run(100s);
    CHECK(dim.reason(site::s19) == Reason::sun);
    Bench cloudy;
    cloudy.volts(5500_cV).pv(9000_W).battery(Watts{-300}).sunny(false).clock(12);
    cloudy.change([](Policy& p) { p.miners[0].enabled = false; });
    cloudy.run(100s);
    CHECK(cloudy.reason(site::s19) == Reason::weather);
    cloudy.sunny(std::nullopt).run(10s);
    CHECK(cloudy.reason(site::s19) == Reason::weather);
    Bench poor;
    poor.volts(5500_cV).pv(8000_W).house_load(4501_W).battery(Watts{-300}).clock(12);
    poor.change([](Policy& p) { p.miners[0].enabled = false; });
    poor.run(100s);
    CHECK(poor.reason(site::s19) == Reason::excess);
    CHECK(poor.gate(site::s19, GateName::excess).have == 3499);
}

TEST_CASE("solar demand passes require_sunny without a weather source") {
    Bench bench;
    bench.volts(5500_cV).pv(9000_W).battery(Watts{-300}).sunny(std::nullopt).clock(12);
    bench.change([](Policy& p) {
        p.weather_configured = false;
        p.miners[0].enabled = false;
    });
    bench.tick();
    CHECK_FALSE(bench.blocks(site::s19, GateName::weather));
    bench.change([](Policy& p) { p.miners[1].minimum_solar.reset(); });
    bench.tick();
    CHECK(bench.blocks(site::s19, GateName::weather));
}

TEST_CASE("silent weather counts as not sunny, then as not configured") {
    Bench bench;
    bench.volts(5500_cV).pv(9000_W).battery(Watts{-300}).sunny(std::nullopt).clock(12);
    bench.change([](Policy& p) { p.miners[0].enabled = false; });
    bench.run(890s);
    CHECK(bench.blocks(site::s19, GateName::weather));
    bench.run(20s);
    CHECK_FALSE(bench.blocks(site::s19, GateName::weather));
    REQUIRE(bench.until_on(site::s19));
    bench.run(1200s);
    CHECK(bench.wanted(site::s19));
    bench.sunny(false).run(60s);
    CHECK_FALSE(bench.wanted(site::s19));
}

TEST_CASE("schedule: an untrusted clock blocks loads restricted to their window") {
    Bench bench;
    bench.volts(5500_cV).clock(12).tick();
    CHECK_FALSE(bench.blocks(site::s19, GateName::schedule));
    bench.snapshot.clock_trusted = false;
    bench.tick();
    CHECK(bench.blocks(site::s19, GateName::schedule));
    CHECK_FALSE(bench.blocks(site::s21, GateName::schedule));
    CHECK(bench.alarm(AlarmCode::clock_untrusted));
    bench.snapshot.clock_trusted = true;
    bench.clock(9, 59).tick();
    CHECK(bench.gate(site::s19, GateName::schedule).remaining == 59s);
}

TEST_CASE("inverter: allows the sum up to its limit, not beyond") {
    Bench bench;
    bench.pv(16000_W).house_load(8122_W).tick();
    CHECK_FALSE(bench.blocks(site::s21, GateName::inverter));
    bench.house_load(8123_W).tick();
    CHECK(bench.blocks(site::s21, GateName::inverter));
    bench.house_load(std::nullopt).run(40s);
    CHECK(bench.gate(site::s21, GateName::inverter).need == 6000);
    CHECK(bench.gate(site::s21, GateName::inverter).have == 3878);
    CHECK_FALSE(bench.blocks(site::s21, GateName::inverter));
}

TEST_CASE("inverter: counts a load inside the site load only once") {
    for (const bool meter : {true, false}) {
        CAPTURE(meter);
        Bench bench(two_miners());
        bench.policy.outputs[0].meter = meter;
        bench.volts(5300_cV).pv(16000_W);
        bench.change([](Policy& p) { p.miners[1].enabled = false; });
        bench.run(59s).power_heard = false;
        bench.run(3s);
        REQUIRE(bench.wanted(0));
        CHECK(bench.gate(1, GateName::inverter).have == 1850 + 3878 + 3878);  // the site load is from before the start
        bench.power_heard = true;
        for (const Duration time : {1s, 9s, 60s, 600s}) {
            bench.run(time);
            CHECK(bench.gate(1, GateName::inverter).have == 1850 + 3878 + 3878);
        }
    }
}

TEST_CASE("inverter: counts the whole draw of a load that reports off") {
    Bench bench;
    bench.pv(16000_W).house_load(8600_W).run(3s);
    bench.devices[0].meters = false;
    bench.report(site::s21_relay).power = {400_W, bench.now() + 1s, true};
    bench.tick();
    CHECK(bench.gate(site::s21, GateName::inverter).have == 8600 + 3878);
    CHECK(bench.blocks(site::s21, GateName::inverter));
}

TEST_CASE("inverter: counts a load that someone switched on once") {
    Bench bench;
    bench.policy.preferences.inverter_max = 5800_W;
    bench.volts(4950_cV).run(400s);
    bench.by_hand(site::s21_relay, OutputState::on).run(3s);
    CHECK(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::override_on);
}

TEST_CASE("an unknown site load starts only miners that need no excess") {
    Bench bench;
    bench.volts(5500_cV).house_load(std::nullopt).clock(12).run(100s);
    CHECK(bench.wanted(site::s21));
    CHECK_FALSE(bench.wanted(site::s19));
    CHECK(bench.blocks(site::s19, GateName::excess));
    CHECK(bench.blocks(site::s19, GateName::power));
}

TEST_CASE("power that becomes known must be free for the hold") {
    Bench bench;
    bench.volts(4950_cV).house_load(std::nullopt).run(100s);
    CHECK_FALSE(bench.blocks(site::s21, GateName::power));
    bench.pv(16000_W).house_load(1850_W).tick();
    CHECK(bench.gate(site::s21, GateName::power).hold);
    CHECK(bench.gate(site::s21, GateName::power).remaining == 60s);
}

TEST_CASE("starts need five good samples and an allowed voltage source") {
    Bench bench;
    for (int i = 1; i < 5; ++i) {
        bench.tick();
        CHECK(bench.gate(site::s21, GateName::source).have == i);
        CHECK(bench.blocks(site::s21, GateName::source));
    }
    bench.tick();
    CHECK_FALSE(bench.blocks(site::s21, GateName::source));
    bench.silent_sources[0] = true;
    bench.run(30s);
    CHECK(bench.last.battery.degraded);
    CHECK(bench.reason(site::s21) == Reason::source);
    bench.change([](Policy& p) { p.control.starts_on_fallback = true; });
    bench.tick();
    CHECK_FALSE(bench.blocks(site::s21, GateName::source));
}

TEST_CASE("an unproven lease raises an alarm after 5 s online") {
    for (const bool broker : {false, true}) {
        CAPTURE(broker);
        Bench bench;
        bench.change([](Policy& p) { p.outputs[0].require_lease = true; });
        bench.report(site::s21_relay).lease = Lease::armed;
        bench.run(100s);
        CHECK_FALSE(bench.alarm(AlarmCode::no_lease));
        if (broker) bench.snapshot.broker_up_since = bench.now() + 1s;
        else bench.available(site::s21_relay, false).run(5s).available(site::s21_relay, true);
        bench.report(site::s21_relay).lease = Lease::unverified;
        bench.run(5s);
        CHECK_FALSE(bench.alarm(AlarmCode::no_lease));
        bench.tick();
        CHECK(bench.alarm(AlarmCode::no_lease));
    }
}

TEST_CASE("starts nothing on a topic that two devices share") {
    for (const bool required : {true, false}) {
        Bench bench;
        bench.change([required](Policy& p) { p.outputs[0].require_lease = required; });
        bench.report(site::s21_relay).lease = Lease::armed;
        bench.report(site::s21_relay).timer_trap = TimerTrap::disputed;
        bench.run(200s);
        CHECK(bench.blocks(site::s21, GateName::output));
        CHECK_FALSE(bench.wanted(site::s21));
        bench.report(site::s21_relay).timer_trap = TimerTrap::none;
        CHECK(bench.until_on(site::s21));
    }
}

TEST_CASE("in shadow a timer that voltd would set blocks no start") {
    Bench bench;
    bench.policy.outputs[0].require_lease = true;
    bench.policy.control.live = false;
    bench.report(site::s21_relay).lease = Lease::none;
    bench.run(100s);
    CHECK(bench.blocks(site::s21, GateName::lease));
    bench.report(site::s21_relay).lease = Lease::unverified;
    bench.tick();
    CHECK_FALSE(bench.blocks(site::s21, GateName::lease));
}

TEST_CASE("a required unproven lease and safe mode block starts") {
    Bench bench;
    bench.change([](Policy& p) { p.outputs[0].require_lease = true; });
    bench.run(100s);
    CHECK(bench.reason(site::s21) == Reason::lease);
    CHECK(bench.alarm(AlarmCode::no_lease));
    bench.report(site::s21_relay).lease = Lease::unverified;  // an unreported timer is not a proof
    bench.tick();
    CHECK(bench.reason(site::s21) == Reason::lease);
    bench.report(site::s21_relay).lease = Lease::armed;
    bench.snapshot.safe_mode = true;
    bench.tick();
    CHECK(bench.reason(site::s21) == Reason::safe_mode);
    bench.snapshot.safe_mode = false;
    bench.report(site::s21_relay).lease = Lease::unverified;
    bench.tick();
    CHECK(bench.reason(site::s21) == Reason::lease);
    bench.report(site::s21_relay).lease_proven = true;  // a test saw the timer work
    bench.tick();
    CHECK_FALSE(bench.alarm(AlarmCode::no_lease));
    CHECK(bench.wanted(site::s21));
}

TEST_CASE("an `on` override waives sun, schedule and power above stop voltage") {
    Bench bench;
    bench.volts(5301_cV).pv(0_W).sunny(false).clock(20);
    bench.change([](Policy& p) { p.miners[0].enabled = false; });
    bench.ask(TargetKind::miner, 1, OverrideKind::on).run(62s);
    CHECK(bench.wanted(site::s19));
    CHECK(bench.reason(site::s19) == Reason::override_on);
    CHECK(bench.gate(site::s19, GateName::power).waived);
    bench.run(700s);
    CHECK(bench.wanted(site::s19));
    bench.volts(5299_cV).run(31s);
    CHECK_FALSE(bench.wanted(site::s19));
    CHECK(bench.reason(site::s19) == Reason::voltage);
}

TEST_CASE("no override starts in critical or while blind") {
    Bench bench;
    bench.ask(TargetKind::miner, 0, OverrideKind::on, 24h).volts(4500_cV).run(100s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::critical);
    bench.sources_silent(true).run(100s);
    CHECK(bench.reason(site::s21) == Reason::blind);
}

TEST_CASE("overvoltage waives sun and schedule for loads that need excess") {
    Bench bench;
    bench.volts(5990_cV).pv(0_W).sunny(false).clock(20).battery(Watts{-1000});
    bench.change([](Policy& p) { p.miners[0].enabled = false; });
    bench.run(100s);
    CHECK_FALSE(bench.wanted(site::s19));
    bench.volts(6001_cV).run(3s);
    CHECK(bench.last.battery.stage == Stage::overvoltage);
    CHECK(bench.wanted(site::s19));
}

TEST_CASE("the most severe gate decides") {
    Bench bench;
    bench.volts(4990_cV).pv(0_W).run(100s);
    CHECK(bench.reason(site::s19) == Reason::voltage);
    bench.ask(TargetKind::miner, 1, OverrideKind::off).tick();
    CHECK(bench.reason(site::s19) == Reason::override_off);
    bench.change([](Policy& p) { p.miners[1].enabled = false; });
    bench.tick();
    CHECK(bench.reason(site::s19) == Reason::override_off);
    CHECK(bench.verdict(site::s19).gates.size() == gate_count);
}
