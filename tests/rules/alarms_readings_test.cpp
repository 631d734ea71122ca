#include "rules/alarms_readings.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

const Alarm* find(const Bench& bench, AlarmCode code) {
    for (const Alarm& alarm : bench.last.alarms)
        if (alarm.code == code) return &alarm;
    return nullptr;
}

}  // namespace

TEST_CASE("alarm: reports powers that do not add up, with their cause") {
    Bench bench;
    bench.powers_add_up = false;
    bench.policy.preferences.mode = SiteMode::off;
    bench.pv(0_W).house_load(4778_W).battery(4778_W).run(299s);
    CHECK_FALSE(find(bench, AlarmCode::powers_at_odds));
    bench.tick();
    REQUIRE(find(bench, AlarmCode::powers_at_odds));
    CHECK(find(bench, AlarmCode::powers_at_odds)->cause == AlarmCause::turned);
    Bench silent;
    silent.powers_add_up = false;
    silent.policy.preferences.mode = SiteMode::off;
    silent.pv(9000_W).house_load(900_W).battery(0_W).run(301s);
    REQUIRE(find(silent, AlarmCode::powers_at_odds));
    CHECK(find(silent, AlarmCode::powers_at_odds)->cause == AlarmCause::no_battery);
}

TEST_CASE("alarm: reports a house that nothing has measured for 10 min") {
    Bench bench;
    bench.powers_add_up = false;
    bench.policy.preferences.mode = SiteMode::off;
    bench.pv(0_W).house_load(0_W).battery(Watts{-941}).run(599s);
    CHECK_FALSE(find(bench, AlarmCode::house_not_measured));
    bench.tick();
    REQUIRE(find(bench, AlarmCode::house_not_measured));
    CHECK(find(bench, AlarmCode::house_not_measured)->cause == AlarmCause::no_budget);
}

TEST_CASE("alarm: reports a power that does not move") {
    Bench bench;
    bench.policy.control.frozen = 900s;
    bench.policy.preferences.mode = SiteMode::off;
    for (int t = 0; t <= 901; ++t) bench.battery(Watts{1000 + t % 2}).house_load(Watts{1850 + t % 2 * 600}).tick();
    REQUIRE(find(bench, AlarmCode::reading_stands));
    CHECK(find(bench, AlarmCode::reading_stands)->subject == static_cast<Index>(Power::pv));
}

TEST_CASE("alarm: reports a voltage that jumps") {
    Bench bench;
    for (int t = 0; t < 60; ++t) bench.volts(t % 2 == 1 ? 5000_cV : 5230_cV).tick();
    const Alarm* alarm = find(bench, AlarmCode::voltage_implausible);
    REQUIRE(alarm);
    CHECK(alarm->cause == AlarmCause::restless);
    CHECK(alarm->have == 5000);
    CHECK(alarm->need == 5230);
}

TEST_CASE("alarm: reports a battery temperature that leaps") {
    Bench bench;
    bench.cell(50_dK).run(10s).cell(300_dK).run(10s);
    const Alarm* alarm = find(bench, AlarmCode::temperature_disagreement);
    REQUIRE(alarm);
    CHECK(alarm->cause == AlarmCause::leaped);
    CHECK(bench.last.temperatures->at == 300_dK);
}

TEST_CASE("alarm: reports a BMS limit below any load after 10 min") {
    Bench bench;
    bench.each_tick = [&bench](const Bench& b) { bench.snapshot.bms_discharge_limit = {Amps{0}, b.snapshot.now, true}; };
    bench.run(602s);
    CHECK(find(bench, AlarmCode::discharge_limited));
    CHECK(bench.last.power.discharge_limit == Amps{0});
}
