// Worked case: 52.30 V, the S21+ (start 50.0) starts, the S19 (start 54.5) waits; one zone, a fan, a heater.
#pragma once

#include "daemon/explain/site_view.hpp"

namespace volt::fixture {

inline Miner s21() {
    Miner miner;
    miner.id = "1";
    miner.name = "Primary S21+ (Revenue)";
    miner.slug = "primary-s21-revenue";
    miner.power = 3878_W;
    miner.start = 5000_cV;
    miner.stop = 4700_cV;
    miner.emergency = 4500_cV;
    miner.preferred_start_s = 18 * 3600;
    miner.preferred_end_s = 10 * 3600;
    miner.output = 0;
    miner.output_id = "primary-s21";
    miner.zone = 0;
    return miner;
}

inline Miner s19() {
    Miner miner = s21();
    miner.id = "2";
    miner.name = "Dump Load S19 #1";
    miner.slug = "dump-load-s19-1";
    miner.power = 3250_W;
    miner.priority_level = 3;
    miner.start = 5450_cV;
    miner.stop = 5300_cV;
    miner.emergency = 5000_cV;
    miner.output = 1;
    miner.output_id = "dump-load-s19-1";
    return miner;
}

inline Zone heat_room() {
    Zone zone;
    zone.id = "z";
    zone.name = "Heat Room";
    zone.slug = "heat-room";
    zone.fan_enabled = true;
    zone.fan = 2;
    zone.fan_id = "ac-infinity-1";
    zone.heating_enabled = true;
    zone.heat_first = HeatSource::miner;
    zone.heat_second = HeatSource::heater;
    zone.heater = 3;
    zone.heater_id = "heat-room-heater";
    zone.minimum_solar_for_heating = 4000_W;
    zone.sensor = 0;
    return zone;
}

inline OutputWiring wire(const char* id, OutputKind kind = OutputKind::relay) {
    OutputWiring wiring;
    wiring.id = id;
    wiring.kind = kind;
    wiring.meter = kind == OutputKind::relay;
    return wiring;
}

/// Complete tick, which each test changes as needed.
struct Site {
    Policy policy;
    SiteSnapshot snapshot;
    Decision decision;
    std::vector<OutputView> outputs;
    std::vector<SourceView> sources;
    std::vector<SiteAlarm> alarms;
    SiteFacts facts{"solar-shack", "0.1.0", Utc{1750500000000}, "system", {}};

    Site() {
        policy.revision = 7;
        policy.miners = {s21(), s19()};
        policy.zones = {heat_room()};
        policy.outputs = {wire("primary-s21"), wire("dump-load-s19-1"), wire("ac-infinity-1", OutputKind::level),
                          wire("heat-room-heater")};
        policy.voltage_sources = {{"victron.battery", 0, 1s, 1_cV}, {"sol_ark", 1, 5s, 1_cV}};
        policy.battery_temperatures = {{"victron.battery", 600s, true}};
        policy.sensors = {{"heat-room", 600s, false}};
        fill_snapshot();
        fill_decision();
        outputs = {{true, 0, 180ms, Time{999'000}}, {false, 0, 95ms, Time{500'000}}, {true, 5, 40ms, Time{900'000}}, {}};
        sources = {{"victron.battery", SourceState::ok, 400ms, 0, "", 7ms},
                   {"mqtt", SourceState::ok, 100ms, 0, "", std::nullopt}};
    }

    ExplainContext scene() const { return {policy, snapshot, decision}; }
    SiteView view() const { return {scene(), outputs, sources, alarms, facts}; }
    Verdict& verdict(std::size_t load) { return decision.verdicts[load]; }
    /// Advances time without other changes.
    void advance(Duration time) {
        snapshot.now += time;
        snapshot.utc += time;
    }

private:
    void fill_snapshot() {
        snapshot.now = Time{1'000'000};
        snapshot.utc = Utc{1750532400000};  // 2025-06-21T19:00:00Z
        snapshot.local = {20260, 12 * 3600};
        snapshot.clock_trusted = true;
        snapshot.voltages.resize(2);
        snapshot.battery_current = {Amps{1210}, snapshot.now, true};
        snapshot.battery_temperatures = {{{Celsius{185}, snapshot.now, true}, true}};
        snapshot.temperatures = {{Celsius{375}, snapshot.now, true}};
        snapshot.sunny = {true, snapshot.now, true};
        snapshot.outputs.resize(4);
        for (OutputReport& report : snapshot.outputs) {
            report.available = report.state_received = true;
            report.state = OutputState::off;
        }
        snapshot.outputs[2].state = OutputState::on;
        snapshot.outputs[2].level = 5;
    }

    void fill_decision() {
        decision.battery = {5230_cV, 5230_cV, 0, Quality::good, 400ms, Percent{6533}, Stage::optimal, Time{0}, {}, false};
        decision.power = {8450_W, 1850_W, 0_W, 633_W, 1850_W, 6600_W, 11600_W, 0_W};
        decision.battery.temperature = decision.charge.temperature = Celsius{185};
        decision.charge.limit = Celsius{0};
        decision.charge.source = 0;
        decision.zones.resize(1);
        decision.zones[0].temperature = Celsius{375};
        decision.zones[0].fan_wanted = 5;
        decision.zones[0].reason = ZoneReason::hysteresis;
        decision.verdicts.resize(3);
        verdict(0).wanted = true;
        verdict(0).state = LoadState::starting;
        verdict(0).reason = Reason::running;
        verdict(0).since = snapshot.now;
        verdict(1).reason = Reason::voltage;
        verdict(1).since = Time{400'000};
        verdict(1).starts_today = 1;
        verdict(1).runtime_today = 3600s;
        Gate gate;
        gate.name = GateName::voltage;
        gate.reason = Reason::voltage;
        gate.passes = false;
        gate.unit = Unit::volts;
        gate.have = 5230;
        gate.need = 5450;
        verdict(1).gates.add(gate);
        verdict(1).flip = Flip{GateName::voltage, 220, Unit::volts, 60s};
        verdict(2).reason = Reason::hold;
    }
};

}  // namespace volt::fixture
