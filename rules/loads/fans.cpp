#include "rules/loads/fans.hpp"

#include <algorithm>
#include <utility>

#include "rules/limits.hpp"
#include "rules/loads/power.hpp"
#include "rules/loads/stops.hpp"
#include "rules/outputs/orders.hpp"

namespace volt {

namespace {

bool has_fan(const Zone& zone) { return zone.enabled && zone.fan_enabled && zone.fan != no_index; }

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
    if (out.event == OutputMove::foreign && wiring.external_override == ExternalSwitch::adopt)
        adopt_fan_by_hand(tick.state.zones[zone], out, wiring, tick.now);
}

/// By its meter; without one, on is all there is to know.
bool draws(const Observed& tick, const LoadTick& load, const LoadMemory& m) {
    if (load.seen != OutputState::on) return false;
    if (!tick.policy.outputs[at(load.output)].meter) return m.wanted;
    return works(load);
}

void fill_fan(const Observed& tick, std::size_t zone, ZoneInputs& in) {
    if (!has_fan(tick.policy.zones[zone])) return;
    const Index fan = tick.policy.zones[zone].fan;
    const OutputTick& out = tick.outputs[at(fan)];
    const OutputMemory& order = tick.state.outputs[at(fan)];
    in.fan_usable = out.state != OutputState::unknown && !order.not_following;
    in.fan_confirmed = in.fan_usable && order.confirmed;
    in.fan_reports_off = out.state == OutputState::off;
}

OutputTarget fan_wish(const Judged& tick, std::size_t zone) {
    const ZoneView& view = tick.zones[zone];
    const OutputWiring& wiring = tick.policy.outputs[at(tick.policy.zones[zone].fan)];
    OutputTarget wish;
    wish.on = view.fan_wanted > 0;
    if (wiring.kind == OutputKind::level) wish.level = std::min(view.fan_wanted, wiring.max_level);
    wish.reason = view.verdict.reason;
    return wish;
}

/// At or under the level at which this load must be off, by the lower of two devices that disagree: no renewal then.
bool is_deep(const Judged& tick, const LoadTick& load) {
    const std::optional<Volts> v = tick.readings.for_starts;
    const Volts critical = tick.policy.preferences.critical_low;
    return v && *v <= (load.miner != nullptr ? std::max(critical, load.miner->emergency) : critical);
}

/// Orders OFF until it is confirmed; from then on the output has no owner and may be switched externally.
void release(Tick& tick, Index output) {
    OutputMemory& order = tick.state.outputs[at(output)];
    if (!order.on && order.confirmed) {
        order.ordered = false;
        return;
    }
    OutputTarget off;
    off.reason = Reason::disabled;
    give_order(order, off, tick.now);
    send_due(tick, output, off);
}

}  // namespace

void follow_fans(Observed& tick) {
    for (std::size_t i = 0; i < tick.policy.zones.size(); ++i)
        if (has_fan(tick.policy.zones[i])) follow_fan(tick, i);
}

void fill_zone_inputs(Judged& tick) {
    tick.zone_inputs.assign(tick.policy.zones.size(), {});
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        const LoadTick& load = tick.loads[i];
        if (load.zone_index == no_index || load.output == no_index) continue;
        ZoneInputs& in = tick.zone_inputs[at(load.zone_index)];
        if (load.miner != nullptr) {
            in.miner_on = in.miner_on || load.counts;
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

void order_fans(Tick& tick) {
    for (std::size_t i = 0; i < tick.policy.zones.size(); ++i) {
        const Index fan = tick.policy.zones[i].fan;
        if (fan == no_index) continue;
        OutputMemory& order = tick.state.outputs[at(fan)];
        const bool ours = has_fan(tick.policy.zones[i]);
        if (!ours && !(order.ordered && order.on)) continue;
        const OutputTarget wish = fan_wish(tick, i);
        if (!order.ordered && !wish.on && tick.adopting) continue;  // it may be off, it may report yet
        give_order(order, wish, tick.now);
        send_due(tick, fan, wish);
    }
}

void order_charge_output(Tick& tick) {
    const Index output = tick.policy.charge_output;
    if (output == no_index) return;
    OutputMemory& order = tick.state.outputs[at(output)];
    const OutputTick& out = tick.outputs[at(output)];
    if (out.first_seen) adopt_state(order, out.state == OutputState::on, 0, true, tick.now);
    OutputTarget wish;
    wish.on = !tick.charge.verdict.blocked && !tick.snapshot.charge_test;
    wish.reason = Reason::running;
    const bool blind = tick.stage.stage == Stage::blind;
    const bool tested = std::exchange(tick.state.site.charge_tested, tick.snapshot.charge_test);
    // Without a voltage nothing is switched on, but a cold bank still switches off. The OFF of a proof is not an order to keep.
    if (blind && order.ordered && !tested) wish.on = wish.on && order.on;
    if (!order.ordered && wish.on && (blind || tick.adopting)) return;
    give_order(order, wish, tick.now);
    send_due(tick, output, wish);
}

void order_loads(Tick& tick) {
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        const LoadTick& load = tick.loads[i];
        if (load.output == no_index) continue;
        const LoadMemory& m = tick.memory(i);
        OutputMemory& order = tick.order_of(load);
        const std::optional<Reason> now = m.wanted ? std::nullopt : immediate_stop(tick, i);
        if (!order.ordered && !load.changed && (m.wanted || (tick.adopting && !now))) continue;
        OutputTarget wish;
        wish.on = m.wanted;
        wish.reason = tick.verdicts[i].reason;
        wish.protection =
            !m.wanted && (facts_of(m.reason).protects || (now && facts_of(*now).protects) || tick.policy.control.leaving);
        wish.may_renew = !tick.stage.blind_too_long && !tick.readings.tick_gap_30s && !is_deep(tick, load);
        give_order(order, wish, tick.now);
        send_due(tick, load.output, wish);
    }
}

void order_orphans(Tick& tick) {
    const auto ownerless = [&](std::size_t i) {
        return tick.outputs[i].load == no_index && tick.state.outputs[i].ordered &&
               tick.policy.outputs[i].kind == OutputKind::relay;
    };
    std::vector<Index> orphans;
    for (std::size_t i = 0; i < tick.outputs.size(); ++i)
        if (ownerless(i)) orphans.push_back(static_cast<Index>(i));
    if (orphans.empty()) return;
    std::vector<bool> fan(tick.policy.outputs.size(), false);
    for (const Zone& zone : tick.policy.zones)
        if (zone.fan != no_index) fan[at(zone.fan)] = true;
    for (const Index output : orphans)
        if (!fan[at(output)] && output != tick.policy.charge_output) release(tick, output);
}

}  // namespace volt
