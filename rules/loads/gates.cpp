#include "rules/loads/gates.hpp"
#include "rules/limits.hpp"
#include "rules/outputs/orders.hpp"

namespace volt {

namespace {

Reason reason_of_stage(Stage stage) {
    switch (stage) {
        case Stage::blind: return Reason::blind;
        case Stage::shutdown: return Reason::shutdown;
        case Stage::critical: return Reason::critical;
        case Stage::recovering:
        case Stage::low:
        case Stage::normal:
        case Stage::optimal:
        case Stage::high:
        case Stage::float_:
        case Stage::absorption:
        case Stage::full:
        case Stage::overvoltage: return Reason::stage;
    }
    return Reason::stage;
}

Gate verdict(GateName name, Reason reason, bool passes) {
    Gate gate;
    gate.name = name;
    gate.reason = reason;
    gate.passes = passes;
    return gate;
}

}  // namespace

Gate gate_enabled(const GateContext& ask) { return verdict(GateName::enabled, Reason::disabled, ask.load.enabled); }

Gate gate_output(const GateContext& ask) {
    Gate gate = verdict(GateName::output, Reason::output, false);
    if (ask.load.output == no_index) return gate;
    const OutputTick& out = ask.tick.output_of(ask.load);
    const OutputMemory& order = ask.tick.order_of(ask.load);
    const bool welded = may_be_welded(ask.load, order, ask.tick.readings.load);
    const bool disputed = ask.tick.snapshot.outputs[at(ask.load.output)].timer_trap == TimerTrap::disputed;
    gate.passes = out.there && !ask.load.unknown && !is_at_fault(order) && !ask.tick.adopting && !welded && !disputed;
    if (order.trip_until) gate.remaining = left_until(*order.trip_until, ask.tick.now);
    else if (order.fault_until) gate.remaining = left_until(*order.fault_until, ask.tick.now);
    else if (out.there && !ask.load.unknown && ask.tick.adopting)
        gate.remaining = left_until(*ask.tick.state.started + ask.tick.policy.control.adopt_timeout, ask.tick.now);
    return gate;
}

Gate gate_lease(const GateContext& ask) {
    Gate gate = verdict(GateName::lease, Reason::lease, true);
    if (ask.load.output == no_index || !ask.tick.policy.outputs[at(ask.load.output)].require_lease) return gate;
    const OutputReport& report = ask.tick.snapshot.outputs[at(ask.load.output)];
    const bool proving = ask.tick.snapshot.lease_trial.output == ask.load.output;
    const bool trusted = report.lease_proven || proving || !live(ask.tick);  // in shadow voltd sets no timer
    gate.passes = report.lease == Lease::armed || (report.lease == Lease::unverified && trusted);
    return gate;
}

Gate gate_mode(const GateContext& ask) {
    const bool off = no_load_may_run(ask.tick);
    return verdict(GateName::mode, off ? Reason::mode_off : Reason::safe_mode, !off && !ask.tick.snapshot.safe_mode);
}

Gate gate_override(const GateContext& ask) {
    const bool ends_it = ask.by_hand && ask.m.override_adopted;  // an external ON may end an external OFF
    const bool allows = ask.m.override_ != OverrideKind::off || ends_it;
    Gate gate = verdict(GateName::override_, Reason::override_off, allows && !ask.load.trial_over);
    if (!gate.passes && ask.m.override_until) gate.remaining = left_until(*ask.m.override_until, ask.tick.now);
    return gate;
}

Gate gate_stage(const GateContext& ask) {
    const StageView& stage = ask.tick.stage;
    Gate gate = verdict(GateName::stage, reason_of_stage(stage.stage), stage.starts_allowed);
    if (gate.passes || stage.stage == Stage::blind || !ask.tick.readings.for_starts) return gate;
    const Preferences& p = ask.tick.policy.preferences;
    gate.unit = Unit::volts;
    gate.have = ask.tick.readings.for_starts->steps;
    gate.need = (stage.stage == Stage::low ? p.low : p.restart).steps;
    gate.remaining = stage.restart_remaining;
    return gate;
}

Gate gate_source(const GateContext& ask) {
    const Readings& r = ask.tick.readings;
    Gate gate = verdict(GateName::source, Reason::source, true);
    if (r.good_samples < limits::needed_samples) {
        gate.passes = false;
        gate.unit = Unit::count;
        gate.have = r.good_samples;
        gate.need = limits::needed_samples;
    } else if (r.degraded && !ask.tick.policy.control.starts_on_fallback) {
        gate.passes = gate.waived = ask.forced();
    }
    return gate;
}

bool all_pass(const Gates& gates) {
    for (const Gate& gate : gates)
        if (!gate.passes) return false;
    return true;
}

const Gate* deciding(const Gates& gates) {
    const Gate* first = nullptr;
    for (const Gate& gate : gates)
        if (!gate.passes && (first == nullptr || gate.reason < first->reason)) first = &gate;
    return first;
}

void start_gates(const GateContext& ask, Gates& gates) {
    using Judge = Gate (*)(const GateContext&);
    static constexpr Judge miner[] = {gate_enabled, gate_output,  gate_lease,         gate_mode,     gate_override, gate_stage,
                                      gate_source,  gate_voltage, gate_predicted_sag, gate_schedule, gate_sun,      gate_excess,
                                      gate_weather, gate_budget,  gate_power,         gate_priority, gate_inverter, gate_runtime,
                                      gate_rest,    gate_starts,  gate_stagger,       gate_zone};
    static constexpr Judge heater[] = {gate_enabled, gate_output,  gate_lease, gate_mode,     gate_override,
                                       gate_stage,   gate_source,  gate_power, gate_inverter, gate_rest,
                                       gate_starts,  gate_stagger, gate_heat};
    gates.clear();
    if (ask.load.miner != nullptr)
        for (const Judge judge : miner) gates.add_from([&] { return judge(ask); });
    else
        for (const Judge judge : heater) gates.add_from([&] { return judge(ask); });
}

}  // namespace volt
