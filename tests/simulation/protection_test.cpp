// Tests of the checker for protection and for what switches a load on.
#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "tests/rules/bench.hpp"
#include "tests/simulation/protection.hpp"

using namespace volt;
using namespace volt::simulation;

namespace {

Policy with_packs() {
    Policy policy = test::default_site();
    for (const char* pack : {"pack-1", "pack-2"}) policy.battery_temperatures.push_back({pack, 600s, false});
    return policy;
}

struct Rig {
    test::Bench bench{with_packs()};
    Protection protection{bench.policy};
    Truth truth;
    Violations violations;

    Rig() {
        bench.volts(5300_cV).run(300s);
        protection_sees(bench.last);
    }
    void protection_sees(const Decision& decision) {
        truth.now_s = bench.now().count() / 1000;
        protection.see(truth, bench.snapshot, bench.policy, decision, violations);
    }
    bool found(const std::string& property) const {
        const auto& list = violations.list();
        return std::any_of(list.begin(), list.end(), [&](const Violation& v) { return v.property == property; });
    }
    OutputReport& relay() { return bench.snapshot.outputs[static_cast<std::size_t>(test::site::s21_relay)]; }
    /// A decision that wants the S21+ or not.
    Decision decision(bool wanted, Reason reason = Reason::running) const {
        Decision made = bench.last;
        made.commands.clear();
        made.verdicts[test::site::s21].wanted = wanted;
        made.next.loads[test::site::s21].reason = reason;
        return made;
    }
    void order(Decision made, bool renewal, bool retry) {
        Command command;
        command.output = test::site::s21_relay;
        command.on = true;
        command.renewal = renewal;
        command.retry = retry;
        made.commands = {command};
        pass(1s, made);
    }
    /// Passes time in ticks of 1 s that decide the same.
    void pass(Duration time, const Decision& made) {
        for (const Time end = bench.now() + time; bench.now() < end; protection_sees(made)) bench.snapshot.now += 1s;
    }
};

}  // namespace

TEST_CASE("protection: accepts a start and its repeats, and no other ON") {
    Rig rig;
    rig.relay().state = OutputState::off;
    rig.pass(1s, rig.decision(false));
    rig.order(rig.decision(true), false, false);
    rig.order(rig.decision(true), false, true);
    CHECK(rig.violations.list().empty());
    rig.relay().state = OutputState::on;
    rig.relay().state_at = rig.bench.now() + 1s;
    rig.pass(2s, rig.decision(true));
    rig.order(rig.decision(true), true, false);
    CHECK(rig.violations.list().empty());
    rig.relay().hint = true;
    rig.order(rig.decision(true), true, false);
    CHECK(rig.found("17 renewal"));
    CHECK_FALSE(rig.found("17 switched on"));
    rig.relay().hint = false;
    rig.relay().state = OutputState::off;
    rig.order(rig.decision(true), false, true);
    CHECK(rig.found("17 switched on"));
}

TEST_CASE("protection: finds an ON without a start") {
    Rig rig;
    rig.relay().state = OutputState::off;
    rig.pass(1s, rig.decision(true));
    rig.order(rig.decision(true), false, false);
    CHECK(rig.found("17 switched on"));
}

TEST_CASE("protection: finds an end that moves while the load is away") {
    Rig rig;
    Decision made = rig.decision(true);
    made.next.outputs[0].last_on_at = rig.bench.now();
    rig.relay().available = false;
    rig.pass(60s, made);
    CHECK_FALSE(rig.found("19 end"));
    made.next.outputs[0].last_on_at = rig.bench.now();
    rig.pass(1s, made);
    CHECK(rig.found("19 end"));
    rig.order(made, true, false);
    CHECK(rig.found("19 away"));
}

TEST_CASE("protection: finds a stop by voltage before its hold") {
    for (const auto low_for : {29s, 31s}) {
        CAPTURE(low_for.count());
        Rig rig;
        rig.pass(600s, rig.decision(true));
        Decision low = rig.decision(true);
        low.battery.voltage = 4690_cV;
        rig.pass(low_for - 1s, low);
        Decision off = rig.decision(false, Reason::voltage);
        off.battery.voltage = 4690_cV;
        rig.pass(1s, off);
        CHECK(rig.found("18 early") == (low_for < 30s));
    }
}

TEST_CASE("protection: finds a load that runs on at every second low sample") {
    Rig rig;
    rig.pass(1500s, rig.decision(true));
    Decision low = rig.decision(true);
    low.battery.voltage = 4690_cV;
    for (int i = 0; i < 120; ++i) {  // two loads: 240 s
        rig.pass(1s, low);
        rig.pass(1s, rig.decision(true));
    }
    CHECK_FALSE(rig.found("18 late"));
    rig.pass(2s, low);
    CHECK(rig.found("18 late"));
}

TEST_CASE("protection: finds an alarm of blocked charging too early or too late") {
    for (const bool said : {false, true}) {
        CAPTURE(said);
        Rig rig;
        Decision made = rig.decision(false);
        made.charge.blocked = true;
        if (said) made.alarms.emplace_back().code = AlarmCode::charge_not_blocked;
        const auto charge = [&rig, &made](Duration time) {
            for (const Time end = rig.bench.now() + time; rig.bench.now() < end;) {
                rig.bench.snapshot.battery_current = {Amps{1000}, rig.bench.now(), true};
                rig.pass(1s, made);
            }
        };
        charge(100s);
        CHECK(rig.found("18 early") == said);
        charge(400s);
        CHECK(rig.found("18 late") != said);
    }
}

TEST_CASE("protection: finds charging allowed while two temperatures agree") {
    Rig rig;
    auto& temperatures = rig.bench.snapshot.battery_temperatures;
    Decision made = rig.decision(false);
    made.charge.source = 0;
    made.charge.blocked = false;
    for (const Celsius second : {-29_dK, -30_dK}) {
        temperatures[1].sample = {-80_dK, rig.bench.now(), true};
        temperatures[2].sample = {second, rig.bench.now(), true};
        rig.pass(1s, made);
        CHECK(rig.found("20 cold") == (second == -30_dK));
    }
}
