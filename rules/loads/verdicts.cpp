#include "rules/loads/verdicts.hpp"

#include "rules/loads/gates.hpp"
#include "rules/loads/running.hpp"
#include "rules/loads/sag.hpp"
#include "rules/outputs/orders.hpp"

namespace volt {

namespace {

LoadState state_of(const Started& tick, std::size_t index) {
    const LoadTick& load = tick.loads[index];
    if (load.output == no_index || is_at_fault(tick.order_of(load))) return LoadState::fault;
    if (load.unknown) return LoadState::unknown;
    const OutputMemory& order = tick.order_of(load);
    if (tick.memory(index).wanted) return order.on && order.confirmed ? LoadState::on : LoadState::starting;
    const bool going = load.changed || !order.ordered || !order.confirmed;
    return load.counts && going ? LoadState::stopping : LoadState::off;
}

/// Returns the state that its output reports, no matter who switched it.
LoadState reported_state(const LoadTick& load) {
    if (load.output == no_index) return LoadState::fault;
    if (load.unknown) return LoadState::unknown;
    return load.seen == OutputState::on ? LoadState::on : LoadState::off;
}

void see_state(LoadMemory& m, LoadState state, Time now) {
    if (state == m.state && m.since != Time{}) return;
    m.state = state;
    m.since = now;
}

/// Follows the reported state in shadow, and the time since it is off, from which its rest counts when live begins.
void update_real(LoadMemory& m, const LoadTick& load, Time now) {
    see_state(m, reported_state(load), now);
    if (m.state == LoadState::on) m.off_since.reset();
    else if (m.state == LoadState::off && !m.off_since) m.off_since = now;
}

Reason waiting_reason(const Started& tick, std::size_t index, const Gate* first) {
    const LoadMemory& m = tick.memory(index);
    const bool stops = m.state == LoadState::stopping || tick.loads[index].changed;
    if (stops && m.reason != Reason::hold) return m.reason;  // someone switched it back without a stop: the blocking gate decides
    return first != nullptr ? first->reason : Reason::hold;
}

void copy_stop(const LoadStop& stop, Verdict& v) {
    v.have = stop.have;
    v.need = stop.need;
    v.unit = stop.unit;
    v.remaining = stop.remaining;
    v.subject = stop.subject;
    if (v.reason == Reason::min_on) v.waiting = stop.waits_min_on;
    v.reserve = stop.by_reserve && (stop.fails_voltage || v.reason == Reason::voltage);
}

void copy_gate(const LoadTick& load, const Gate& gate, Verdict& v) {
    v.have = gate.have;
    v.need = gate.need;
    v.unit = gate.unit;
    v.remaining = gate.remaining;
    v.subject = gate.subject;
    v.reserve = gate.name == GateName::voltage && load.start_by_reserve;
}

std::optional<Flip> flip_of_running(const Started& tick, const LoadTick& load) {
    if (load.miner == nullptr || !tick.readings.for_stops) return std::nullopt;
    const std::int64_t below = load.miner->stop.steps - tick.readings.for_stops->steps - 1;
    return Flip{GateName::voltage, below, Unit::volts, tick.policy.control.stop_hold};
}

/// Returns the source whose voltage decided, if it is not the source in use.
Index source_of(const Started& tick, const LoadTick& load, const Verdict& v) {
    const bool by_voltage = v.unit == Unit::volts && v.have.has_value();
    const bool stops = v.wanted || load.changed;
    const Index used = stops ? tick.readings.for_stops_source : tick.readings.for_starts_source;
    return by_voltage && used != tick.readings.source ? used : no_index;
}

void copy_memory(const Started& tick, std::size_t index, Verdict& v) {
    const LoadTick& load = tick.loads[index];
    const LoadMemory& m = tick.memory(index);
    const LoadMemory& published = tick.published(index);
    v.wanted = m.wanted;
    v.state = published.state;
    v.since = published.since;
    v.draw = load.draw;
    v.starts_today = published.starts_today;
    v.runtime_today = published.runtime_today;
    v.override_ = m.override_;
    v.override_adopted = m.override_adopted;
    v.override_until = m.override_until;
    v.lease_trial = m.lease_trial;
    v.denied = load.output != no_index && off_denied(load, tick.order_of(load)) ? load.measured : std::nullopt;
    if (load.miner == nullptr || !tick.readings.for_starts) return;
    v.sag_mv = predicted_sag_mv(tick, load, m, *tick.readings.for_starts);
    v.sag_learned = sag_is_learned(m, tick.now);
}

void judge(Started& tick, std::size_t index) {
    LoadTick& load = tick.loads[index];
    see_state(tick.memory(index), state_of(tick, index), tick.now);
    if (!live(tick)) update_real(tick.published(index), load, tick.now);
    Verdict& v = tick.verdicts[index];
    copy_memory(tick, index, v);
    if (v.wanted) {
        v.reason = running_reason(tick, index);
        copy_stop(tick.stops[index], v);
        v.flip = flip_of_running(tick, load);
    } else {
        const Gate* first = deciding(v.gates);
        v.reason = waiting_reason(tick, index, first);
        if (load.changed || first == nullptr) copy_stop(tick.stops[index], v);
        else if (first->reason == v.reason) copy_gate(load, *first, v);
        else copy_stop({}, v);  // the load is stopping: the numbers of the gate are not those of its stop
        if (first != nullptr) v.flip = flip_of(*first, tick.policy.control);
    }
    v.source = source_of(tick, load, v);
}

bool has_start_hold(GateName name) {
    return name == GateName::voltage || name == GateName::sun || name == GateName::excess || name == GateName::budget ||
           name == GateName::power;
}

}  // namespace

std::optional<Flip> flip_of(const Gate& gate, const Control& control) {
    Flip flip;
    flip.gate = gate.name;
    if (gate.remaining) {
        flip.unit = Unit::seconds;
        flip.delta = (*gate.remaining).count();
        return flip;
    }
    if (!gate.have || !gate.need || gate.hold) return std::nullopt;
    flip.unit = gate.unit;
    flip.delta = *gate.need - *gate.have;
    if (gate.name == GateName::predicted_sag) ++flip.delta;  // the value must be above the limit, not at it
    if (has_start_hold(gate.name)) flip.hold = control.start_hold;
    return flip;
}

void judge_verdicts(Started& tick) {
    for (std::size_t i = 0; i < tick.loads.size(); ++i) judge(tick, i);
}

}  // namespace volt
