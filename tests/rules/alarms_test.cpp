#include "rules/alarms.hpp"

#include <doctest/doctest.h>

#include "bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

const Alarm& alarm_of(const Bench& bench, AlarmCode code) {
    for (const Alarm& alarm : bench.last.alarms)
        if (alarm.code == code) return alarm;
    FAIL("no such alarm");
    return bench.last.alarms.front();
}

/// Runs with a Sol-Ark that sees another voltage than the battery unit.
void run_apart(Bench& bench, Volts sol_ark, Duration time) {
    for (const Time end = bench.now() + time; bench.now() < end;) {
        bench.snapshot.voltages[1] = {{sol_ark, bench.now() + bench.step, true}, bench.now() + bench.step};
        bench.tick();
    }
}

}  // namespace

TEST_CASE("overvoltage is what the higher of two sources says, whatever the stage") {
    Bench bench;
    bench.silent_sources[1] = true;
    bench.volts(4690_cV).tick();
    run_apart(bench, 6050_cV, 1s);
    CHECK_FALSE(bench.alarm(AlarmCode::overvoltage));
    run_apart(bench, 6050_cV, 1s);
    CHECK(bench.last.battery.stage == Stage::low);
    CHECK(alarm_of(bench, AlarmCode::overvoltage).have == 6050);
    CHECK(alarm_of(bench, AlarmCode::overvoltage).need == 6000);
}

TEST_CASE("a disagreement names both voltages, the lower first") {
    Bench bench;
    bench.silent_sources[1] = true;
    bench.tick();
    run_apart(bench, 5120_cV, 60s);
    CHECK_FALSE(bench.alarm(AlarmCode::voltage_disagreement));
    run_apart(bench, 5120_cV, 1s);
    const Alarm& alarm = alarm_of(bench, AlarmCode::voltage_disagreement);
    CHECK(alarm.have == 5120);
    CHECK(alarm.need == 5230);
    CHECK(alarm.unit == Unit::volts);
}

TEST_CASE("an alarm keeps the time it began") {
    Bench bench;
    bench.run(10s);
    bench.snapshot.clock_trusted = false;
    bench.tick();
    const Time since = bench.now();
    bench.room(550_dK).run(20s);
    CHECK(alarm_of(bench, AlarmCode::clock_untrusted).since == since);
    CHECK(bench.alarm(AlarmCode::zone_trip));
    bench.snapshot.clock_trusted = true;
    bench.tick();
    CHECK_FALSE(bench.alarm(AlarmCode::clock_untrusted));
}

TEST_CASE("not drawing: under 20 % for 600 s while on") {
    Bench bench;
    bench.device(site::s21_relay).draws = 775_W;
    REQUIRE(bench.until_on(site::s21));
    bench.run(590s);
    CHECK_FALSE(bench.alarm(AlarmCode::not_drawing));
    bench.run(15s);
    CHECK(bench.alarm(AlarmCode::not_drawing));
    CHECK(alarm_of(bench, AlarmCode::not_drawing).subject == site::s21_relay);
}

TEST_CASE("of an output whose load is gone, what its meter showed is nobody's") {
    Bench bench;
    bench.device(site::s21_relay).draws = 775_W;
    REQUIRE(bench.until_on(site::s21));
    bench.run(500s);
    bench.change([](Policy& p) { p.miners.erase(p.miners.begin()); });
    bench.run(200s);
    CHECK_FALSE(bench.alarm(AlarmCode::not_drawing));
    CHECK_FALSE(bench.alarm(AlarmCode::output_stuck_on));
}

TEST_CASE("over 120 % of nominal for 10 min") {
    Bench bench;
    bench.device(site::s21_relay).draws = 4653_W;
    bench.pv(16000_W).house_load(100_W);
    REQUIRE(bench.until_on(site::s21));
    bench.run(620s);
    CHECK_FALSE(bench.alarm(AlarmCode::draw_over_nominal));
    bench.device(site::s21_relay).draws = 4654_W;
    bench.run(602s);
    CHECK(bench.alarm(AlarmCode::draw_over_nominal));
}

TEST_CASE("critical after a run on the battery says that the reserve is too small") {
    Bench bench;
    bench.battery(Watts{-3000});
    REQUIRE(bench.until_on(site::s21));
    bench.run(30s).volts(4490_cV).run(3s);
    CHECK(bench.alarm(AlarmCode::critical));
    const Alarm& alarm = alarm_of(bench, AlarmCode::reserve_too_small);
    CHECK(alarm.subject == site::s21);
    CHECK(alarm.have == 4700);
    CHECK(alarm.need == 4800);
    bench.volts(5230_cV).battery(1000_W).run(60s);
    CHECK(bench.alarm(AlarmCode::reserve_too_small));
}
