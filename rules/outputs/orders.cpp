#include "rules/outputs/orders.hpp"

#include <algorithm>
#include <utility>

#include "rules/limits.hpp"
#include "rules/loads/stops.hpp"

namespace volt {

namespace {

constexpr int most_tries = 5;
constexpr Duration longest_retry_gap = 60s;

bool due(const OutputMemory& m, Time now) { return !m.try_at || now - *m.try_at >= m.gap; }

bool may_send(const Tick& tick, const OutputMemory& m, const OutputTick& out, const OutputTarget& target) {
    if (!tick.snapshot.broker_up) return false;
    return !m.on || (out.there && target.may_renew);
}

void emit(Tick& tick, Index output, OutputMemory& m, bool renewal, bool retry) {
    tick.commands.push_back({output, m.on, m.on ? m.level : 0, renewal, retry, m.protection && !m.on, m.reason});
    m.sent_at = tick.now;
    if (m.on) m.last_on_at = tick.now;
}

void confirm_unseen(OutputMemory& m, Time now) {
    m.confirmed = true;
    m.confirmed_at = now;
    m.last_confirmed = m.on ? OutputState::on : OutputState::off;
}

void send_try(Tick& tick, Index output, OutputMemory& m, const OutputTick& out) {
    const Duration confirm = tick.policy.control.confirm;
    const bool growing = m.try_at.has_value() && !m.protection;
    m.gap = growing ? std::min(m.gap * 2, std::max(longest_retry_gap, confirm)) : confirm;
    emit(tick, output, m, false, m.sent_at.has_value());  // repeating an order is not a change
    m.try_at = tick.now;
    m.asked_for_try = false;
    if (!out.there) return;
    if (m.tries < most_tries) ++m.tries;
    if (tick.snapshot.outputs[at(output)].confirms_by_sending) confirm_unseen(m, tick.now);
}

/// Queries the state halfway to the next try, so that a lost report does not cause a second command.
void ask_before_try(Tick& tick, Index output, OutputMemory& m) {
    const OutputReport& report = tick.snapshot.outputs[at(output)];
    if (m.asked_for_try || !m.try_at || tick.now - *m.try_at < m.gap / 2) return;
    if (!report.can_be_asked || report.confirms_by_sending || !tick.snapshot.broker_up) return;
    m.asked_for_try = true;
    if (std::exchange(tick.outputs[at(output)].asked, true)) return;
    tick.ask.push_back(output);
}

/// Repeats an OFF that its own meter denies, like one that is not confirmed. ON is repeated only for an output that is online and
/// reports on: for any other it would be a start that no gate passed.
void repeat_denied(Tick& tick, Index output, OutputMemory& m, const OutputTick& out) {
    const Duration confirm = tick.policy.control.confirm;
    if (m.protection) m.gap = std::min(m.gap, confirm);
    if (!tick.snapshot.broker_up || !due(m, tick.now) || (m.sent_at && tick.now - *m.sent_at < confirm)) return;
    send_try(tick, output, m, out);
    m.tries = 0;  // it follows according to its report
}

bool renewal_due(const Tick& tick, Index output, const OutputMemory& m, const OutputTarget& target) {
    const Duration lease = tick.policy.outputs[at(output)].lease;
    if (tick.outputs[at(output)].state != OutputState::on) return false;
    if (!m.on || m.trial || lease == 0ms || !target.may_renew || !tick.snapshot.broker_up) return false;
    return !m.sent_at || tick.now - *m.sent_at >= lease / 3;
}

}  // namespace

bool off_denied(const LoadTick& load, const OutputMemory& order) {
    return load.seen == OutputState::off && order.ordered && !order.on && order.confirmed && load.measured &&
           load.measured->steps * 100 > load.nominal.steps * limits::leaking_percent;
}

bool is_orphan(const Tick& tick, Index output) {
    const OutputTick& out = tick.outputs[at(output)];
    return out.load == no_index && !out.fan && output != tick.policy.charge_output;
}

bool orphan_denied(const Tick& tick, Index output) {
    const OutputTick& seen = tick.outputs[at(output)];
    const OutputMemory& order = tick.state.outputs[at(output)];
    return live(tick) && is_orphan(tick, output) && seen.state == OutputState::off && order.ordered && !order.on &&
           order.confirmed && seen.measured && *seen.measured > limits::leaking_without_load;
}

bool lease_is_over(const OutputMemory& order, Duration lease, Time now) {
    return order.lease_proven && order.last_on_at && now - *order.last_on_at >= lease + limits::lease_over;
}

bool may_be_welded(const LoadTick& load, const OutputMemory& order, const std::optional<Watts>& site_load) {
    return off_denied(load, order) && (!site_load || *load.measured - *site_load <= limits::meter_beyond_site);
}

void adopt_state(OutputMemory& m, bool on, std::int32_t level, bool confirmed, Time now) {
    m.ordered = true;
    m.on = on;
    m.level = on ? level : 0;
    m.reason = on ? Reason::running : Reason::hold;
    m.protection = false;
    m.ordered_at.reset();
    m.sent_at.reset();
    m.try_at.reset();
    m.tries = 0;
    m.trial = false;
    m.confirmed = confirmed;
    m.not_following = false;
    if (!confirmed) return;
    m.confirmed_at = now;
    m.last_confirmed = on ? OutputState::on : OutputState::off;
    m.interrupted = false;
}

void give_order(OutputMemory& m, const OutputTarget& target, Time now) {
    const std::int32_t level = target.on ? target.level : 0;
    if (m.ordered && m.on == target.on && m.level == level) {
        m.protection = target.protection;
        if (!m.confirmed && !m.try_at) m.reason = target.reason;
        return;
    }
    if (!m.ordered || m.on != target.on) m.switched_at = now;
    m.ordered = true;
    m.on = target.on;
    m.level = level;
    m.reason = target.reason;
    m.protection = target.protection;
    m.ordered_at = now;
    m.sent_at.reset();
    m.try_at.reset();
    m.tries = 0;
    m.trial = false;
    m.confirmed = false;
    m.not_following = false;
}

void send_due(Tick& tick, Index output, const OutputTarget& target) {
    OutputMemory& m = tick.state.outputs[at(output)];
    const OutputTick& out = tick.outputs[at(output)];
    if (!m.ordered) return;
    if (tick.snapshot.lease_trial.output == output) m.trial = m.on;
    if (!live(tick)) {
        if (!m.confirmed) confirm_unseen(m, tick.now);
        return;
    }
    if (m.confirmed) {
        if (out.load != no_index && off_denied(tick.loads[at(out.load)], m)) return repeat_denied(tick, output, m, out);
        if (renewal_due(tick, output, m, target)) emit(tick, output, m, true, false);
        return;
    }
    if (out.back && m.try_at) {
        m.try_at.reset();
        m.tries = 0;
    }
    if (m.protection && !m.on) m.gap = std::min(m.gap, tick.policy.control.confirm);
    if (due(m, tick.now) && may_send(tick, m, out, target)) {
        if (m.tries >= most_tries && out.there) m.not_following = true;
        send_try(tick, output, m, out);
    } else if (renewal_due(tick, output, m, target)) {
        emit(tick, output, m, true, false);
    } else {
        ask_before_try(tick, output, m);
    }
}

bool on_failed(const OutputMemory& m, const OutputTick& seen, Time now) {
    return m.ordered && m.on && !m.confirmed && seen.there && m.tries >= most_tries && due(m, now);
}

namespace {

/// Returns true if the lower of two disagreeing voltages is at or under the limit at which this load must be off: then it is not
/// renewed.
bool is_deep(const Judged& tick, const LoadTick& load) {
    const std::optional<Volts> v = tick.readings.for_starts;
    const Volts critical = tick.policy.preferences.critical_low;
    return v && *v <= (load.miner != nullptr ? std::max(critical, load.miner->emergency) : critical);
}

/// Returns true while its meter may still deny the OFF: a meter that works reports within its limit.
bool waits_for_meter(const Tick& tick, Index output) {
    const OutputMemory& order = tick.state.outputs[at(output)];
    return live(tick) && tick.policy.outputs[at(output)].meter && !tick.outputs[at(output)].measured && order.confirmed_at &&
           tick.now - *order.confirmed_at < order.meter.limit();
}

/// Orders OFF until it is confirmed, and its meter does not deny it; then, or once someone switches it on, the output has no
/// owner and may be switched externally.
void release(Tick& tick, Index output) {
    OutputMemory& order = tick.state.outputs[at(output)];
    const OutputTick& seen = tick.outputs[at(output)];
    if (orphan_denied(tick, output)) return repeat_denied(tick, output, order, seen);
    if (!order.on && ((order.confirmed && !waits_for_meter(tick, output)) || seen.event == OutputMove::external)) {
        order.ordered = false;
        return;
    }
    OutputTarget off;
    off.reason = Reason::disabled;
    give_order(order, off, tick.now);
    send_due(tick, output, off);
}

OutputTarget fan_target(const Judged& tick, std::size_t zone) {
    const ZoneView& view = tick.zones[zone];
    const OutputWiring& wiring = tick.policy.outputs[at(tick.policy.zones[zone].fan)];
    OutputTarget target;
    target.on = view.fan_wanted > 0;
    if (wiring.kind == OutputKind::level) target.level = std::min(view.fan_wanted, wiring.max_level);
    target.reason = view.verdict.reason;
    return target;
}

}  // namespace

void order_loads(Tick& tick) {
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        const LoadTick& load = tick.loads[i];
        if (load.output == no_index) continue;
        const LoadMemory& m = tick.memory(i);
        OutputMemory& order = tick.order_of(load);
        const std::optional<Reason> now = m.wanted ? std::nullopt : immediate_stop(tick, i);
        const bool waits = tick.adopting || tick.output_of(load).settling;
        if (!order.ordered && !load.changed && (m.wanted || (waits && !now))) continue;
        OutputTarget target;
        target.on = m.wanted;
        target.reason = tick.verdicts[i].reason;
        target.protection =
            !m.wanted && (facts_of(m.reason).protects || (now && facts_of(*now).protects) || tick.policy.control.leaving);
        target.may_renew = !tick.stage.blind_too_long && !tick.readings.tick_gap_30s && !is_deep(tick, load);
        give_order(order, target, tick.now);
        send_due(tick, load.output, target);
    }
}

void order_orphans(Tick& tick) {
    for (std::size_t i = 0; i < tick.outputs.size(); ++i)
        if (tick.state.outputs[i].ordered && is_orphan(tick, static_cast<Index>(i))) release(tick, static_cast<Index>(i));
}

bool uses_fan(const Zone& zone) { return zone.enabled && zone.fan_enabled && zone.fan != no_index; }

void order_fans(Tick& tick) {
    for (std::size_t i = 0; i < tick.policy.zones.size(); ++i) {
        const Index fan = tick.policy.zones[i].fan;
        if (fan == no_index) continue;
        OutputMemory& order = tick.state.outputs[at(fan)];
        const bool ours = uses_fan(tick.policy.zones[i]);
        if (!ours && !(order.ordered && order.on)) continue;
        const OutputTarget target = fan_target(tick, i);
        if (!order.ordered && !target.on && tick.adopting) continue;  // it may be off and may still report
        give_order(order, target, tick.now);
        send_due(tick, fan, target);
    }
}

void order_charge_output(Tick& tick) {
    const Index output = tick.policy.charge_output;
    const bool tested = std::exchange(tick.state.site.charge_tested, tick.snapshot.charge_test);
    if (output == no_index) return;
    OutputMemory& order = tick.state.outputs[at(output)];
    const OutputTick& out = tick.outputs[at(output)];
    if (out.first_seen) adopt_state(order, out.state == OutputState::on, 0, true, tick.now);
    OutputTarget target;
    target.on = !tick.charge.verdict.blocked && !tick.snapshot.charge_test;
    target.reason = Reason::running;
    const bool blind = tick.stage.stage == Stage::blind;
    // Without a voltage nothing is switched on, but cold still switches the charge output off. The OFF of a proof is not kept.
    if (blind && order.ordered && !tested) target.on = target.on && order.on;
    if (!order.ordered && target.on && (blind || tick.adopting)) return;
    give_order(order, target, tick.now);
    send_due(tick, output, target);
}

}  // namespace volt
