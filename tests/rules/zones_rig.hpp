// One zone with a sensor, a level fan and a heater.
#pragma once

#include "rules/zones/zones.hpp"

namespace volt {

struct ZonesRig {
    Policy policy;
    SiteSnapshot snapshot;
    Readings readings;
    StageView stage;
    std::vector<ZoneInputs> inputs;
    std::vector<ZoneState> states;
    Time daemon_start{};

    ZonesRig() {
        policy.zones.resize(1);
        policy.outputs.resize(2);
        policy.outputs[0] = {.id = "fan", .kind = OutputKind::level, .safe_state = SafeState::automatic};
        policy.outputs[1] = {.id = "heater"};
        Zone& z = policy.zones[0];
        z.id = "heat-room";
        z.fan_enabled = true;
        z.fan = 0;
        z.heater = 1;
        z.sensor = 0;
        z.heating_enabled = true;
        z.heat_first = HeatSource::miner;
        z.heat_second = HeatSource::heater;
        z.minimum_solar_for_heating = 4000_W;
        snapshot.outputs.resize(2);
        inputs.resize(1);
        inputs[0].fan_confirmed = true;
        stage.stage = Stage::optimal;
        readings.sensors.resize(1);
        readings.pv = 8000_W;
    }

    Zone& zone() { return policy.zones[0]; }
    ZoneState& state() { return states[0]; }
    ZoneView at(Time now, std::optional<Celsius> t) {
        snapshot.now = now;
        readings.sensors[0] = t;
        std::vector<ZoneView> views;
        judge_zones(snapshot, policy, readings, stage, inputs, daemon_start, states, views);
        const ZoneView view = views[0];
        snapshot.requests.clear();
        return view;
    }
    /// Ticks each second with one temperature, and returns the last view.
    ZoneView hold(int from, int to, std::optional<Celsius> t) {
        ZoneView view;
        for (int s = from; s <= to; ++s) view = at(Time(s * 1000), t);
        return view;
    }
    void ask_fan(OverrideKind kind, std::optional<Duration> lasts = std::nullopt, std::int32_t level = 0) {
        snapshot.requests.push_back({TargetKind::fan, 0, kind, level, lasts});
    }
};

}  // namespace volt
