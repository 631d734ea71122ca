#include "rules/loads/fans.hpp"

#include "rules/limits.hpp"
#include "rules/loads/power.hpp"
#include "rules/outputs/orders.hpp"

namespace volt {

namespace {

void adopt_fan_by_hand(ZoneState& state, const OutputTick& out, const OutputWiring& wiring, Time now) {
    const bool on = out.state == OutputState::on;
    const bool level = on && wiring.kind == OutputKind::level;
    state.fan_override = level ? OverrideKind::level : on ? OverrideKind::on : OverrideKind::off;
    state.fan_override_level = level ? out.level : 0;
    state.fan_override_until = now + limits::external_override;
}

void follow_fan(Observed& tick, std::size_t zone) {
    const Index fan = tick.policy.zones[zone].fan;
    const OutputTick& out = tick.outputs[at(fan)];
    const OutputWiring& wiring = tick.policy.outputs[at(fan)];
    if (out.first_seen) adopt_state(tick.state.outputs[at(fan)], out.state == OutputState::on, out.level, true, tick.now);
    if (out.event == OutputMove::external && wiring.external_override == ExternalSwitch::adopt)
        adopt_fan_by_hand(tick.state.zones[zone], out, wiring, tick.now);
}

/// Returns true if its meter shows power. Without a meter, on counts as drawing.
bool draws(const Observed& tick, const LoadTick& load, const LoadMemory& m) {
    if (load.seen != OutputState::on) return false;
    if (!tick.policy.outputs[at(load.output)].meter) return m.wanted;
    return works(load);
}

void fill_fan(const Observed& tick, std::size_t zone, ZoneInputs& in) {
    if (!uses_fan(tick.policy.zones[zone])) return;
    const Index fan = tick.policy.zones[zone].fan;
    const OutputTick& out = tick.outputs[at(fan)];
    const OutputMemory& order = tick.state.outputs[at(fan)];
    in.fan_usable = out.state != OutputState::unknown && !order.not_following;
    in.fan_confirmed = in.fan_usable && order.confirmed;
    in.fan_reports_off = out.state == OutputState::off;
}

}  // namespace

void follow_fans(Observed& tick) {
    for (std::size_t i = 0; i < tick.policy.zones.size(); ++i)
        if (uses_fan(tick.policy.zones[i])) follow_fan(tick, i);
}

void fill_zone_inputs(Judged& tick) {
    tick.zone_inputs.assign(tick.policy.zones.size(), {});
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        const LoadTick& load = tick.loads[i];
        if (load.zone_index == no_index || load.output == no_index) continue;
        ZoneInputs& in = tick.zone_inputs[at(load.zone_index)];
        if (load.miner != nullptr) {
            in.miner_on = in.miner_on || load.counts || may_be_welded(load, tick.order_of(load), tick.readings.load);
            in.miner_drawing = in.miner_drawing || draws(tick, load, tick.memory(i));
        } else {
            in.heater_on = load.counts;
        }
    }
    for (std::size_t i = 0; i < tick.zone_inputs.size(); ++i) {
        fill_fan(tick, i, tick.zone_inputs[i]);
        const LoadMemory& heater = tick.memory(tick.policy.miners.size() + i);
        tick.zone_inputs[i].heater_override_on = heater.override_ == OverrideKind::on;
    }
}

}  // namespace volt
