#include "rules/loads/running.hpp"

#include "rules/battery/bank.hpp"

namespace volt {

namespace {

Gate kept(GateName name, Reason reason, bool passes = true) {
    Gate gate;
    gate.name = name;
    gate.reason = reason;
    gate.passes = passes;
    return gate;
}

template <class Quantity>
Gate kept(GateName name, Reason reason, bool passes, Unit unit, const std::optional<Quantity>& have, Quantity need) {
    Gate gate = kept(name, reason, passes);
    gate.unit = unit;
    if (have) gate.have = have->steps;
    gate.need = need.steps;
    return gate;
}

/// Waives a limit that is crossed but does not apply now.
Gate waived(Gate gate, bool waives) {
    if (!gate.passes && waives) gate.passes = gate.waived = true;
    return gate;
}

Gate voltage(const GateContext& ask) {
    const std::optional<Volts> reserve = ask.tick.policy.preferences.reserve;
    const Volts need = ask.stop().by_reserve && reserve ? *reserve : ask.load.miner->stop;
    return kept(GateName::voltage, Reason::voltage, !ask.stop().fails_voltage, Unit::volts, ask.tick.readings.for_stops, need);
}

Gate sun(const GateContext& ask) {
    if (!ask.load.miner->minimum_solar) return kept(GateName::sun, Reason::sun);
    const Gate gate = kept(GateName::sun, Reason::sun, !ask.stop().fails_sun, Unit::watts, ask.tick.readings.pv,
                           *ask.load.miner->minimum_solar);
    return waived(gate, ask.stop().spared || ask.forced());
}

Gate excess(const GateContext& ask) {
    if (!ask.load.needs_excess) return kept(GateName::excess, Reason::excess);
    const std::optional<Watts> have = ask.tick.power.surplus ? std::optional<Watts>{ask.room().excess} : std::nullopt;
    const Watts need = ask.load.miner->minimum_excess - ask.tick.policy.control.excess_hysteresis;
    const Gate gate = kept(GateName::excess, Reason::excess, !ask.stop().fails_excess, Unit::watts, have, need);
    return waived(gate, ask.stop().spared || ask.forced());
}

Gate power(const GateContext& ask) {
    if (!ask.tick.power.surplus) return kept(GateName::power, Reason::power, !ask.stop().fails_power);
    const Watts need = ask.load.draw - ask.tick.policy.control.power_hysteresis;
    const Gate gate = kept(GateName::power, Reason::power, !ask.stop().fails_power, Unit::watts,
                           std::optional<Watts>{ask.room().headroom}, need);
    return waived(gate, ask.stop().spared || ask.forced());
}

/// Returns the `budget` gate. Spare energy below 0 means that the house needs the rest of the bank.
Gate budget(const GateContext& ask) {
    const BudgetView& plan = ask.tick.budget;
    Gate gate = kept(GateName::budget, Reason::budget, !ask.stop().fails_budget);
    if (plan.known && !ask.load.needs_excess) {
        gate.unit = Unit::watt_hours;
        gate.have = whole_wh(plan.spare);
        gate.need = 0;
        gate.waived = gate.passes && plan.spare < Energy{};  // full, or bridged
    }
    return waived(gate, ask.forced());
}

Gate inverter(const GateContext& ask) {
    const Watts limit = overload_limit(ask.tick.policy.preferences);
    const std::optional<Watts> load = ask.tick.readings.load;
    return kept(GateName::inverter, Reason::inverter, !load || *load <= limit, Unit::watts, load, limit);
}

Gate zone(const GateContext& ask) {
    if (ask.load.zone_index == no_index) return kept(GateName::zone, Reason::zone);
    const ZoneView& view = ask.tick.zones[at(ask.load.zone_index)];
    return kept(GateName::zone, Reason::trip, !view.tripped, Unit::celsius, view.temperature,
                ask.load.zone->too_hot + ask.tick.policy.control.trip_margin);
}

void miner_gates(const GateContext& ask, Gates& gates) {
    gates.add(gate_enabled(ask));
    gates.add(kept(GateName::output, Reason::output));
    gates.add(kept(GateName::lease, Reason::lease));
    gates.add(kept(GateName::mode, Reason::mode_off, !no_load_may_run(ask.tick)));
    gates.add(gate_override(ask));
    gates.add(kept(GateName::stage, Reason::stage));
    gates.add(kept(GateName::source, Reason::source));
    gates.add(voltage(ask));
    gates.add(kept(GateName::predicted_sag, Reason::predicted_sag));
    gates.add(waived(kept(GateName::schedule, Reason::schedule, !ask.stop().fails_schedule), ask.forced()));
    gates.add(sun(ask));
    gates.add(excess(ask));
    gates.add(waived(kept(GateName::weather, Reason::weather, !ask.stop().fails_weather), ask.forced()));
    gates.add(budget(ask));
    gates.add(power(ask));
    gates.add(kept(GateName::priority, Reason::priority));
    gates.add(inverter(ask));
    gates.add(gate_runtime(ask));
    gates.add(kept(GateName::rest, Reason::rest));
    gates.add(kept(GateName::starts, Reason::starts));
    gates.add(kept(GateName::stagger, Reason::stagger));
    gates.add(zone(ask));
}

void heater_gates(const GateContext& ask, Gates& gates) {
    gates.add(gate_enabled(ask));
    gates.add(kept(GateName::mode, Reason::mode_off, !no_load_may_run(ask.tick)));
    gates.add(gate_override(ask));
    gates.add(power(ask));
    gates.add(inverter(ask));
    const ZoneView& view = ask.tick.zones[at(ask.load.zone_index)];
    const bool by_hand = ask.m.override_ == OverrideKind::on && view.heater_may_by_hand;
    gates.add(kept(GateName::zone, Reason::zone, view.heater_wanted || by_hand));
}

bool needs_heat_request(const Started& tick, const LoadTick& load) {
    if (load.miner == nullptr) return true;
    if (!load.heat_asked) return false;
    const bool outside = !load.miner->allow_outside_schedule && !load.in_window;
    return outside || !weather_suits(tick.policy, tick.readings, *load.miner);
}

}  // namespace

void running_gates(const GateContext& ask, Gates& gates) {
    gates.clear();
    if (ask.load.miner != nullptr) miner_gates(ask, gates);
    else heater_gates(ask, gates);
}

Reason running_reason(const Started& tick, std::size_t index) {
    const LoadTick& load = tick.loads[index];
    if (load.starts_as) return *load.starts_as;
    const LoadStop& stop = tick.stops[index];
    if (stop.waits_min_on) return Reason::min_on;
    const bool spared = stop.spared && (stop.fails_sun || stop.fails_excess || stop.fails_power);
    if (spared || (stop.held_by_bridge && !load.forced_on)) return Reason::held_back;
    const bool by_hand = load.miner == nullptr && tick.memory(index).override_ == OverrideKind::on;
    if (load.forced_on || by_hand) return Reason::override_on;
    return needs_heat_request(tick, load) ? Reason::heat : Reason::running;
}

}  // namespace volt
