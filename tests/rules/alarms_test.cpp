#include "rules/alarms.hpp"

#include <doctest/doctest.h>

#include "rules/names.hpp"
#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

const Alarm& alarm_of(const Bench& bench, AlarmCode code) {
    for (const Alarm& alarm : bench.last.alarms)
        if (alarm.code == code) return alarm;
    FAIL("no such alarm");
    return bench.last.alarms.front();
}

/// Runs with a Sol-Ark that reads a different voltage than the battery unit.
void run_apart(Bench& bench, Volts sol_ark, Duration time) {
    for (const Time end = bench.now() + time; bench.now() < end;) {
        bench.snapshot.voltages[1] = {{sol_ark, bench.now() + bench.step, true}, bench.now() + bench.step};
        bench.tick();
    }
}

}  // namespace

TEST_CASE("overvoltage is raised by the higher of two sources in any stage") {
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

TEST_CASE("a disagreement shows both voltages, the lower first") {
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

TEST_CASE("an alarm keeps its start time") {
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

TEST_CASE("raises not-drawing under 20 % for 600 s while on") {
    Bench bench;
    bench.device(site::s21_relay).draws = 775_W;
    REQUIRE(bench.until_on(site::s21));
    bench.run(590s);
    CHECK_FALSE(bench.alarm(AlarmCode::not_drawing));
    bench.run(15s);
    CHECK(bench.alarm(AlarmCode::not_drawing));
    CHECK(alarm_of(bench, AlarmCode::not_drawing).subject == site::s21_relay);
}

TEST_CASE("ignores meter readings of an output whose load was removed") {
    Bench bench;
    bench.device(site::s21_relay).draws = 775_W;
    REQUIRE(bench.until_on(site::s21));
    bench.run(500s);
    bench.change([](Policy& p) { p.miners.erase(p.miners.begin()); });
    bench.run(200s);
    CHECK_FALSE(bench.alarm(AlarmCode::not_drawing));
    CHECK_FALSE(bench.alarm(AlarmCode::output_stuck_on));
}

TEST_CASE("raises an alarm over 120 % of nominal for 10 min") {
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

TEST_CASE("critical after a run on the battery reports a small reserve") {
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

TEST_CASE("raises alarms for an implausible voltage and missing weather") {
    Bench bench;
    bench.run(10s);
    const auto raised = [&](AlarmCode code) { return bench.alarm(code); };
    CHECK_FALSE(raised(AlarmCode::voltage_implausible));
    bench.volts(2640_cV).tick();
    REQUIRE(raised(AlarmCode::voltage_implausible));
    const Alarm& refused = alarm_of(bench, AlarmCode::voltage_implausible);
    CHECK(refused.kind == SubjectKind::source);
    CHECK(refused.subject == 0);
    CHECK(refused.have == 2640);
    CHECK(bench.last.battery.refused == 2640_cV);
    bench.volts(5230_cV).run(10s);
    CHECK_FALSE(raised(AlarmCode::voltage_implausible));
    CHECK_FALSE(bench.last.battery.refused);
    bench.sunny(std::nullopt).run(890s);
    CHECK_FALSE(raised(AlarmCode::source_failing));
    bench.run(20s);
    REQUIRE(raised(AlarmCode::source_failing));
    CHECK(alarm_of(bench, AlarmCode::source_failing).kind == SubjectKind::weather);
    bench.sunny(false).run(20s);
    CHECK_FALSE(raised(AlarmCode::source_failing));
}

TEST_CASE("a GX that lost its battery sensor blinds the charge guard") {
    Bench bench;
    bench.cell(30_dK).run(10s);
    CHECK_FALSE(bench.alarm(AlarmCode::sensor_lost));
    CHECK(bench.last.battery.temperature == 30_dK);
    bench.cell(0_dK).tick();
    REQUIRE(bench.alarm(AlarmCode::sensor_lost));
    CHECK(alarm_of(bench, AlarmCode::sensor_lost).kind == SubjectKind::battery_sensor);
    CHECK_FALSE(bench.last.battery.temperature);
    CHECK_FALSE(bench.last.charge.blocked);
    bench.run(901s);
    CHECK(bench.alarm(AlarmCode::charge_guard_blind));
    CHECK(bench.last.charge.blocked);  // the last value was within 5 K of the limit
    bench.cell(35_dK).tick();
    CHECK_FALSE(bench.alarm(AlarmCode::sensor_lost));
    CHECK_FALSE(bench.alarm(AlarmCode::charge_guard_blind));
}

TEST_CASE("reports an unreachable relay within a minute if its load should be on") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.available(site::s21_relay, false).available(site::s19_relay, false);
    bench.run(20s);
    CHECK_FALSE(bench.alarm(AlarmCode::output_unreachable));
    bench.run(40s);
    CHECK(alarm_of(bench, AlarmCode::output_unreachable).subject == site::s21_relay);
    CHECK(std::count_if(bench.last.alarms.begin(), bench.last.alarms.end(),
                        [](const Alarm& alarm) { return alarm.code == AlarmCode::output_unreachable; }) == 1);
    bench.volts(4490_cV).run(10s);  // it should be off, but was on at its last report
    CHECK(bench.alarm(AlarmCode::output_unreachable));
    bench.volts(5230_cV).available(site::s21_relay, true).run(5s);
    CHECK_FALSE(bench.alarm(AlarmCode::output_unreachable));
}

TEST_CASE("raises only the broker's alarm while the broker is offline") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.snapshot.broker_up = false;
    bench.available(site::s21_relay, false).run(100s);
    CHECK_FALSE(bench.alarm(AlarmCode::output_unreachable));
}

TEST_CASE("reports a used output that is missing in the file") {
    Bench bench;
    bench.change([](Policy& p) {
        p.miners[0].output = no_index;
        p.miners[0].output_id = "elsewhere";
        p.zones[0].fan_enabled = true;
        p.zones[0].fan = no_index;
        p.zones[0].fan_id = "elsewhere";
        p.zones[0].heating_enabled = true;
        p.zones[0].heater = no_index;
        p.zones[0].heater_id = "elsewhere";
    });
    const auto unwired = [&bench] {
        std::vector<std::pair<SubjectKind, Index>> list;
        for (const Alarm& alarm : bench.tick().alarms)
            if (alarm.code == AlarmCode::output_unreachable) list.emplace_back(alarm.kind, alarm.subject);
        return list;
    };
    const std::vector<std::pair<SubjectKind, Index>> all{
        {SubjectKind::zone, 0}, {SubjectKind::load, 0}, {SubjectKind::load, static_cast<Index>(bench.policy.miners.size())}};
    CHECK(unwired() == all);
    bench.change([](Policy& p) {
        p.miners[0].enabled = false;
        p.zones[0].enabled = false;
    });
    CHECK(unwired().empty());
}

namespace {

/// Starts the S21, lets it run, and switches it off by hand.
void undo_start(Bench& bench, Duration after) {
    REQUIRE(bench.until_on(site::s21));
    bench.run(after);
    bench.by_hand(site::s21_relay, OutputState::off).tick();
}

Bench reasserting() {
    Bench bench;
    bench.change([](Policy& p) { p.miners[0].min_off = 1s, p.outputs[0].external_override = ExternalSwitch::reassert; });
    return bench;
}

}  // namespace

TEST_CASE("three reversed orders within an hour suggest a second controller") {
    Bench bench = reasserting();
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(bench.alarm(AlarmCode::second_controller));
        undo_start(bench, 100s);
    }
    CHECK(alarm_of(bench, AlarmCode::second_controller).subject == site::s21_relay);
    CHECK(facts_of(AlarmCode::second_controller).severity == Severity::warning);
    bench.run(3600s);
    CHECK_FALSE(bench.alarm(AlarmCode::second_controller));
}

TEST_CASE("switching off a load after 10 min suggests no second controller") {
    Bench bench = reasserting();
    for (int i = 0; i < 4; ++i) undo_start(bench, 700s);
    CHECK_FALSE(bench.alarm(AlarmCode::second_controller));
}

TEST_CASE("three reversed orders in more than an hour suggest no second controller") {
    Bench bench = reasserting();
    for (int i = 0; i < 4; ++i) {
        undo_start(bench, 100s);
        bench.ask(TargetKind::miner, 0, OverrideKind::off, 40min).run(2401s);
    }
    CHECK_FALSE(bench.alarm(AlarmCode::second_controller));
}

TEST_CASE("a fan that does not turn trips its room's miners with an alarm") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    const Index fan = bench.policy.zones[0].fan;
    bench.room(450_dK).run(60s);
    CHECK(bench.device(fan).state == OutputState::on);  // as it reports; nothing measures its air flow
    CHECK(bench.wanted(site::s21));
    bench.room(505_dK).run(10s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::trip);
    CHECK(bench.alarm(AlarmCode::zone_trip));
}

TEST_CASE("alarms wait after a start until their subjects could report") {
    Bench bench;
    bench.sources_silent(true);
    bench.rooms.clear();  // no sensor reports
    for (Device& device : bench.devices) device.received = false;
    bench.run(9s);
    CHECK(bench.last.alarms.empty());
    bench.run(12s);
    CHECK(bench.alarm(AlarmCode::blind));
    CHECK_FALSE(bench.alarm(AlarmCode::sensor_lost));
    bench.run(600s);
    CHECK(bench.alarm(AlarmCode::sensor_lost));
}

TEST_CASE("a charging block without a means is critical at once") {
    struct Row {
        ChargeMeans means;
        bool alarmed;
    };
    for (const Row row : {Row{ChargeMeans::report, true}, Row{ChargeMeans::none, true}, Row{ChargeMeans::write, false},
                          Row{ChargeMeans::output, false}}) {
        Policy policy = default_site();
        policy.charge_means = row.means;
        Bench bench(policy);
        bench.run(3s);
        CHECK_FALSE(bench.alarm(AlarmCode::charge_not_carried_out));
        bench.volts(6010_cV).run(1s);
        CHECK_FALSE(bench.last.charge.blocked);
        bench.run(1s);
        CHECK(bench.last.charge.blocked);
        CHECK(bench.alarm(AlarmCode::charge_not_carried_out) == row.alarmed);
        CHECK_FALSE(bench.alarm(AlarmCode::charge_not_blocked));
    }
    CHECK(severity_of(AlarmCode::charge_not_carried_out) == std::string("critical"));
}

TEST_CASE("an output that never answered raises one alarm after a minute") {
    Bench bench;
    bench.run(10s);
    bench.report(site::s21_relay).silent_since = bench.now();
    bench.run(59s);
    CHECK_FALSE(bench.alarm(AlarmCode::output_not_following));
    bench.tick();
    CHECK(alarm_of(bench, AlarmCode::output_not_following).cause == AlarmCause::silent);
    CHECK(alarm_of(bench, AlarmCode::output_not_following).subject == static_cast<Index>(site::s21_relay));
    bench.report(site::s21_relay).silent_since.reset();
    bench.tick();
    CHECK_FALSE(bench.alarm(AlarmCode::output_not_following));
}

TEST_CASE("reports a charge output that is off only in shadow") {
    Policy policy = default_site();
    policy.outputs.push_back(relay("charge", false));
    policy.outputs.back().lease = 0s;
    policy.charge_output = 6;
    Bench bench(policy);
    bench.run(3s);
    bench.volts(6010_cV).run(3s);
    REQUIRE(bench.device(6).state == OutputState::off);
    CHECK_FALSE(bench.alarm(AlarmCode::output_not_following));
    bench.change([](Policy& p) { p.control.live = false; });
    bench.tick();
    CHECK(alarm_of(bench, AlarmCode::output_not_following).cause == AlarmCause::idle_charger);
    CHECK(alarm_of(bench, AlarmCode::output_not_following).subject == 6);
    bench.device(6).state = OutputState::on;
    bench.tick();
    CHECK_FALSE(bench.alarm(AlarmCode::output_not_following));
}

TEST_CASE("reports a missing optional lease after 30 s") {
    Bench bench;
    bench.run(10s);
    CHECK_FALSE(bench.alarm(AlarmCode::no_lease));
    bench.report(site::s21_relay).unproven_since = bench.now();
    bench.run(29s);
    CHECK_FALSE(bench.alarm(AlarmCode::no_lease));
    bench.tick();
    CHECK(alarm_of(bench, AlarmCode::no_lease).cause == AlarmCause::usual);
    bench.report(site::s21_relay).unproven_since.reset();
    bench.report(site::s21_relay).own_timer = 60s;
    bench.tick();
    CHECK(alarm_of(bench, AlarmCode::no_lease).cause == AlarmCause::own_timer);
    bench.report(site::s21_relay).unproven_since = bench.now() - 40s;
    bench.report(site::s21_relay).timer_trap = TimerTrap::turns_on;
    bench.tick();
    CHECK(alarm_of(bench, AlarmCode::no_lease).cause == AlarmCause::turns_on);
    bench.report(site::s21_relay).timer_trap = TimerTrap::locked;
    bench.tick();
    CHECK(alarm_of(bench, AlarmCode::no_lease).cause == AlarmCause::locked);
    // A lease of 0 expects no timer, and the setting is as bad.
    bench.report(site::s21_relay).unproven_since.reset();
    bench.report(site::s21_relay).own_timer = Duration{};
    bench.tick();
    CHECK(alarm_of(bench, AlarmCode::no_lease).cause == AlarmCause::locked);
}
