// Gates of the battery and the sun: voltage, sag, sun, excess, weather, power.
#include <algorithm>

#include "rules/battery/bank.hpp"
#include "rules/limits.hpp"
#include "rules/loads/allowance.hpp"
#include "rules/loads/gates.hpp"
#include "rules/loads/sag.hpp"

namespace volt {

namespace {

Gate open(GateName name, Reason reason) {
    Gate gate;
    gate.name = name;
    gate.reason = reason;
    return gate;
}

/// Makes a gate with a value and a limit.
Gate measured(GateName name, Reason reason, Unit unit, std::optional<std::int64_t> have, std::int64_t need) {
    Gate gate = open(name, reason);
    gate.unit = unit;
    gate.have = have;
    gate.need = need;
    gate.passes = have && *have >= need;
    return gate;
}

/// Makes a gate wait until its condition has been true for `start_hold_s`.
void hold(Gate& gate, Hold& held, const GateContext& ask) {
    const Duration time = ask.tick.policy.control.start_hold;
    held.see(gate.passes, ask.tick.now, ask.tick.readings.starts_begin_again);
    if (!gate.passes || held.over(ask.tick.now, time)) return;
    gate.passes = false;
    gate.hold = true;
    gate.reason = Reason::hold;
    gate.remaining = held.left(ask.tick.now, time);
}

void waive(Gate& gate, bool waived) {
    if (gate.passes || !waived) return;
    gate.passes = gate.waived = true;
}

template <class Quantity>
std::optional<std::int64_t> steps(const std::optional<Quantity>& value) {
    return value ? std::optional<std::int64_t>{value->steps} : std::nullopt;
}

/// Returns true if an `on` override or overvoltage waives sun, excess, weather and schedule.
bool free_of_sun(const GateContext& ask) { return ask.forced() || ask.overvolted(); }

bool reserve_counts(const GateContext& ask) { return ask.tick.policy.preferences.reserve.has_value() && runs_on_battery(ask); }

/// Shows the time until the next try after a failed start on held-back PV.
void show_held_out(Gate& gate, const GateContext& ask) {
    if (gate.passes || gate.hold || !ask.tick.power.held_back || !ask.m.held_out_until) return;
    gate.remaining = left_until(*ask.m.held_out_until, ask.tick.now);
}

}  // namespace

bool runs_on_battery(const GateContext& ask) { return !ask.tick.power.surplus || ask.room().headroom_alone < ask.load.nominal; }

bool held_back_for(const Planned& tick, const LoadMemory& m) {
    return tick.power.held_back && (!m.held_out_until || *m.held_out_until <= tick.now);
}

Gate gate_voltage(const GateContext& ask) {
    const Miner& miner = *ask.load.miner;
    Volts need = ask.forced() ? miner.stop : miner.start;
    ask.load.start_by_reserve = false;
    if (reserve_counts(ask)) {
        const Preferences& p = ask.tick.policy.preferences;
        const Volts reserve = *p.reserve + scaled(limits::above_reserve, p);
        ask.load.start_by_reserve = reserve > need;
        need = std::max(need, reserve);
    }
    Gate gate = measured(GateName::voltage, Reason::voltage, Unit::volts, steps(ask.tick.readings.for_starts), need.steps);
    hold(gate, ask.by_hand ? ask.m.above_stop : ask.m.voltage, ask);
    return gate;
}

Gate gate_predicted_sag(const GateContext& ask) {
    const Preferences& p = ask.tick.policy.preferences;
    Volts floor = std::max(ask.load.miner->stop, p.low);
    if (reserve_counts(ask)) floor = std::max(floor, *p.reserve);
    Gate gate = open(GateName::predicted_sag, Reason::predicted_sag);
    if (ask.shared.highest_stop > floor) {
        floor = ask.shared.highest_stop;
        gate.subject = ask.shared.highest_stop_index;
    }
    gate.unit = Unit::volts;
    gate.need = floor.steps;
    const std::optional<Volts> v = ask.tick.readings.for_starts;
    gate.passes = false;
    if (v) {
        const std::int64_t left_mv = v->steps * 10 - predicted_sag_mv(ask.tick, ask.load, ask.m, *v);
        gate.have = left_mv / 10;
        gate.passes = left_mv > floor.steps * 10;
    }
    waive(gate, ask.forced());
    return gate;
}

Gate gate_sun(const GateContext& ask) {
    if (!ask.load.miner->minimum_solar) return open(GateName::sun, Reason::sun);
    Gate gate =
        measured(GateName::sun, Reason::sun, Unit::watts, steps(ask.tick.readings.pv), ask.load.miner->minimum_solar->steps);
    hold(gate, ask.m.sun, ask);
    waive(gate, free_of_sun(ask) || held_back_for(ask.tick, ask.m));
    show_held_out(gate, ask);
    return gate;
}

namespace {

/// Returns the `excess` gate of a load that has enough or needs none: its last start on held-back power failed, and it could only
/// start that way again.
Gate held_out(const GateContext& ask) {
    Gate gate = open(GateName::excess, Reason::excess);
    if (!ask.tick.power.held_back || held_back_for(ask.tick, ask.m)) return gate;
    if (gate_sun(ask).passes && gate_power(ask).passes && gate_budget(ask).passes) return gate;
    gate.passes = false;
    gate.remaining = left_until(*ask.m.held_out_until, ask.tick.now);
    return gate;
}

}  // namespace

Gate gate_excess(const GateContext& ask) {
    if (!ask.load.needs_excess) return held_out(ask);
    const bool known = ask.tick.power.surplus.has_value();
    Gate gate = measured(GateName::excess, Reason::excess, Unit::watts,
                         known ? std::optional<std::int64_t>{ask.room().excess.steps} : std::nullopt,
                         ask.load.miner->minimum_excess.steps);
    hold(gate, ask.m.excess, ask);
    waive(gate, free_of_sun(ask) || held_back_for(ask.tick, ask.m));
    show_held_out(gate, ask);
    if (!gate.passes) return gate;
    const Gate out = held_out(ask);
    return out.passes ? gate : out;
}

Gate gate_weather(const GateContext& ask) {
    Gate gate = open(GateName::weather, Reason::weather);
    if (!ask.load.miner->require_sunny) return gate;
    gate.passes = weather_suits(ask.tick.policy, ask.tick.readings, *ask.load.miner);
    waive(gate, free_of_sun(ask) || ask.load.heat_asked);
    return gate;
}

Gate gate_power(const GateContext& ask) {
    const bool heater = ask.load.miner == nullptr, known = ask.tick.power.surplus.has_value();
    const bool denied = !heater && denied_in_doubt(ask.tick, ask.load, false);
    if (!known && !heater && !ask.load.needs_excess && !denied) {  // voltage alone decides; `inverter` limits it
        ask.m.power = Hold{};                                      // free power is unknown: the hold begins with the first value
        return open(GateName::power, Reason::power);
    }
    std::optional<std::int64_t> headroom;
    if (known) headroom = ask.room().headroom.steps;
    else if (denied) headroom = 0;
    Gate gate = measured(GateName::power, Reason::power, Unit::watts, headroom, ask.load.nominal.steps);
    hold(gate, ask.m.power, ask);
    waive(gate, !heater && free_of_sun(ask));
    waive(gate, held_back_for(ask.tick, ask.m));
    show_held_out(gate, ask);
    return gate;
}

}  // namespace volt
