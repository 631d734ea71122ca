#include "rules/outputs/orders.hpp"

#include <algorithm>
#include <utility>

namespace volt {

namespace {

constexpr int most_tries = 5;
constexpr Duration longest_gap = 60s;

bool due(const OutputMemory& m, Time now) { return !m.try_at || now - *m.try_at >= m.gap; }

bool may_send(const Tick& tick, const OutputMemory& m, const OutputTick& out, const OutputTarget& wish) {
    if (!tick.snapshot.broker_up) return false;
    return !m.on || (out.there && wish.may_renew);
}

void emit(Tick& tick, Index output, OutputMemory& m, bool renewal, bool retry) {
    tick.commands.push_back({output, m.on, m.on ? m.level : 0, renewal, retry, m.protection && !m.on, m.reason});
    m.sent_at = tick.now;
}

void confirm_unseen(OutputMemory& m, Time now) {
    m.confirmed = true;
    m.confirmed_at = now;
    m.last_confirmed = m.on ? OutputState::on : OutputState::off;
}

void send_try(Tick& tick, Index output, OutputMemory& m, const OutputTick& out) {
    const Duration confirm = tick.policy.control.confirm;
    const bool growing = m.try_at.has_value() && !m.protection;
    m.gap = growing ? std::min(m.gap * 2, std::max(longest_gap, confirm)) : confirm;
    emit(tick, output, m, false, m.sent_at.has_value());  // repeating an order is not a change
    m.try_at = tick.now;
    m.asked_for_try = false;
    if (!out.there) return;
    if (m.tries < most_tries) ++m.tries;
    if (tick.snapshot.outputs[at(output)].confirms_by_sending) confirm_unseen(m, tick.now);
}

/// Half way to the next try the state is queried, so that a lost report does not cause a second command.
void ask_before_try(Tick& tick, Index output, OutputMemory& m) {
    const OutputReport& report = tick.snapshot.outputs[at(output)];
    if (m.asked_for_try || !m.try_at || tick.now - *m.try_at < m.gap / 2) return;
    if (!report.can_be_asked || report.confirms_by_sending || !tick.snapshot.broker_up) return;
    m.asked_for_try = true;
    if (std::exchange(tick.outputs[at(output)].asked, true)) return;
    tick.ask.push_back(output);
}

bool renewal_due(const Tick& tick, Index output, const OutputMemory& m, const OutputTarget& wish) {
    const Duration lease = tick.policy.outputs[at(output)].lease;
    if (!m.on || lease == 0ms || !wish.may_renew || !tick.snapshot.broker_up) return false;
    return !m.sent_at || tick.now - *m.sent_at >= lease / 3;
}

}  // namespace

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
    m.confirmed = confirmed;
    m.not_following = false;
    if (!confirmed) return;
    m.confirmed_at = now;
    m.last_confirmed = on ? OutputState::on : OutputState::off;
    m.interrupted = false;
}

void give_order(OutputMemory& m, const OutputTarget& wish, Time now) {
    const std::int32_t level = wish.on ? wish.level : 0;
    if (m.ordered && m.on == wish.on && m.level == level) {
        m.protection = wish.protection;
        if (!m.confirmed && !m.try_at) m.reason = wish.reason;
        return;
    }
    if (!m.ordered || m.on != wish.on) m.switched_at = now;
    m.ordered = true;
    m.on = wish.on;
    m.level = level;
    m.reason = wish.reason;
    m.protection = wish.protection;
    m.ordered_at = now;
    m.sent_at.reset();
    m.try_at.reset();
    m.tries = 0;
    m.confirmed = false;
    m.not_following = false;
}

void send_due(Tick& tick, Index output, const OutputTarget& wish) {
    OutputMemory& m = tick.state.outputs[at(output)];
    const OutputTick& out = tick.outputs[at(output)];
    if (!m.ordered) return;
    if (!live(tick)) {
        if (!m.confirmed) confirm_unseen(m, tick.now);
        return;
    }
    if (m.confirmed) {
        if (renewal_due(tick, output, m, wish)) emit(tick, output, m, true, false);
        return;
    }
    if (out.back && m.try_at) {
        m.try_at.reset();
        m.tries = 0;
    }
    if (m.protection && !m.on) m.gap = std::min(m.gap, tick.policy.control.confirm);
    if (due(m, tick.now) && may_send(tick, m, out, wish)) {
        if (m.tries >= most_tries && out.there) m.not_following = true;
        send_try(tick, output, m, out);
    } else if (renewal_due(tick, output, m, wish)) {
        emit(tick, output, m, true, false);
    } else {
        ask_before_try(tick, output, m);
    }
}

bool on_failed(const OutputMemory& m, const OutputTick& seen, Time now) {
    return m.ordered && m.on && !m.confirmed && seen.there && m.tries >= most_tries && due(m, now);
}

}  // namespace volt
