#include "rules/loads/follow.hpp"

#include "rules/limits.hpp"
#include "rules/loads/runs.hpp"
#include "rules/outputs/orders.hpp"

namespace volt {

namespace {

/// Continues a stored run, or starts a new one now.
void adopt_running(Observed& tick, std::size_t load, OutputMemory& order) {
    LoadMemory& m = tick.memory(load);
    if (!m.wanted) {
        begin_run(tick, load, Reason::running, false);
        tick.loads[load].changed = false;
    }
    if (!m.ordered_on) m.ordered_on = m.on_since.value_or(tick.now);
    if (!m.on_since) m.on_since = m.ordered_on;
    m.off_since.reset();
    adopt_state(order, true, 0, true, tick.now);
}

/// Records a stop that voltd did not order: the output is off although the load should be on.
void count_as_stop(Observed& tick, std::size_t load, OutputMemory& order, Reason reason, Time when) {
    end_run(tick, load, reason);
    tick.memory(load).off_since = when;
    adopt_state(order, false, 0, true, when);
}

void adopt_first(Observed& tick, std::size_t load, OutputMemory& order, const OutputTick& out) {
    LoadMemory& m = tick.memory(load);
    const OutputReport& report = tick.snapshot.outputs[at(tick.loads[load].output)];
    const bool confirmed = report.state_received && !report.hint;
    if (out.state == OutputState::on) return adopt_running(tick, load, order);
    const Time since = report.hint ? tick.now : report.state_at;
    if (m.wanted) count_as_stop(tick, load, order, Reason::fault, since);
    if (!m.off_since && (confirmed || report.hint)) m.off_since = since;
    // A hint of ON may be right: send OFF, unless a start comes first.
    adopt_state(order, false, 0, confirmed || (report.hint && report.state == OutputState::off), tick.now);
}

void moved_off(Observed& tick, std::size_t load, OutputMemory& order, const OutputTick& out) {
    LoadMemory& m = tick.memory(load);
    const bool adopt = tick.policy.outputs[at(tick.loads[load].output)].external_override == ExternalSwitch::adopt;
    switch (out.event) {
        case OutputMove::external:
            // A start switches it back on, after its gates pass.
            if (!adopt) return count_as_stop(tick, load, order, Reason::fault, out.event_at);
            count_as_stop(tick, load, order, Reason::override_off, out.event_at);
            adopt_external(m, OverrideKind::off, tick.now);
            return;
        case OutputMove::lease_ended:
        case OutputMove::restarted_off:
        case OutputMove::tripped:
        case OutputMove::unexplained: return count_as_stop(tick, load, order, Reason::fault, out.event_at);
        case OutputMove::none:
        case OutputMove::restarted_on: return;
    }
}

void moved_on(Observed& tick, std::size_t load, OutputMemory& order, const OutputTick& out) {
    if (out.event == OutputMove::restarted_on) order.power_on_at = tick.now;
    const bool adopt = tick.policy.outputs[at(tick.loads[load].output)].external_override == ExternalSwitch::adopt;
    tick.loads[load].wants_adoption = out.event == OutputMove::external && adopt;
    tick.memory(load).reason = Reason::hold;  // forget the last stop reason: voltd did not order this ON
}

/// Withdraws an override: the device's own protection switched, not a person. An ON is answered by OFF.
void take_back(Observed& tick, std::size_t load) {
    LoadMemory& m = tick.memory(load);
    if (m.override_adopted) {
        m.override_ = OverrideKind::automatic;
        m.override_adopted = false;
        m.override_until.reset();
    }
    if (m.wanted) end_run(tick, load, Reason::fault);
}

void update_confirmation(LoadMemory& m, const OutputMemory& order) {
    if (!order.ordered || !order.confirmed) return;
    if (m.wanted && order.on && !m.on_since) m.on_since = order.confirmed_at;
    if (!m.wanted && !order.on && !m.off_since) m.off_since = order.confirmed_at;
}

/// Returns true if the lease of a silent load that was on before the daemon started must have ended.
bool lease_ran_out(const Observed& tick, const LoadTick& load, const LoadMemory& m, const OutputMemory& order) {
    const Duration lease = tick.policy.outputs[at(load.output)].lease;
    return m.wanted && !order.ordered && lease > 0ms && tick.now - *tick.state.started >= lease;
}

/// Returns true if the proven lease of an unavailable or unknown load must have ended by now.
bool lease_ended_unseen(const Observed& tick, const LoadTick& load, const LoadMemory& m, const OutputMemory& order) {
    const Duration lease = tick.policy.outputs[at(load.output)].lease;
    return m.wanted && order.ordered && order.on && tick.output_of(load).state == OutputState::unknown &&
           lease_is_over(order, lease, tick.now);
}

void follow(Observed& tick, std::size_t index) {
    LoadTick& load = tick.loads[index];
    if (load.output == no_index) return;
    LoadMemory& m = tick.memory(index);
    OutputMemory& order = tick.order_of(load);
    const OutputTick& out = tick.output_of(load);
    if (out.first_seen) adopt_first(tick, index, order, out);
    else if (lease_ran_out(tick, load, m, order)) end_run(tick, index, Reason::fault);
    else if (lease_ended_unseen(tick, load, m, order)) end_run(tick, index, Reason::fault);
    if (out.taken_back) take_back(tick, index);
    if (out.event != OutputMove::none) {
        if (order.on) moved_off(tick, index, order, out);
        else moved_on(tick, index, order, out);
        if (!order.on && !load.wants_adoption) m.off_since.reset();  // the rest restarts with the next confirmed OFF
    }
    update_confirmation(m, order);
    load.forced_on = m.override_ == OverrideKind::on && load.miner != nullptr;
    load.seen = out.state;
    load.unknown = out.state == OutputState::unknown;
    load.measured = out.measured;
}

}  // namespace

void adopt_external(LoadMemory& m, OverrideKind kind, Time now) {
    m.override_ = kind;
    m.override_adopted = true;
    m.override_until = now + limits::external_override;
}

void follow_outputs(Observed& tick) {
    for (std::size_t i = 0; i < tick.loads.size(); ++i) follow(tick, i);
}

}  // namespace volt
