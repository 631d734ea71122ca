#include "rules/outputs/observe.hpp"
#include "rules/limits.hpp"
#include "rules/outputs/trip.hpp"

#include <algorithm>

namespace volt {

namespace {

constexpr Duration silence = 60s;      // after this time without a report, voltd queries the state
constexpr Duration longest_gap = 60s;  // limit for the gap between queries, which doubles
constexpr Duration own_change = 60s;   // a newer command of voltd may explain a difference
constexpr Duration lease_slack = 5s;   // the device's own timer may end this early

bool is_live(const OutputReport& report) { return report.state_received && !report.hint && report.state != OutputState::unknown; }

/// Updates whether output and broker are online, and records when one of them was offline.
void update_presence(const SiteSnapshot& snapshot, const OutputReport& report, OutputMemory& m, OutputTick& now) {
    now.there = report.available && snapshot.broker_up;
    const bool renewed = m.met && (report.available_since != m.available_since || snapshot.broker_up_since != m.broker_since);
    now.back = now.there && (!m.was_there || renewed);
    if (m.met && (!now.there || renewed)) m.interrupted = true;
    m.available_since = report.available_since;
    m.broker_since = snapshot.broker_up_since;
    m.gone.see(snapshot.broker_up && !report.available, snapshot.now);
    m.was_there = now.there;
    m.met = true;
}

bool matches(const OutputMemory& m, OutputState state, std::int32_t level, OutputKind kind) {
    if (state != (m.on ? OutputState::on : OutputState::off)) return false;
    return kind == OutputKind::relay || !m.on || level == m.level;
}

/// Confirms an order. A mere new level is not a switching; a response to a manual ON is one, no matter when its OFF was ordered.
void confirm(OutputMemory& m, Time when) {
    const OutputState state = m.on ? OutputState::on : OutputState::off;
    if (m.last_confirmed != state || (m.ordered_at && m.switched_at >= m.ordered_at)) m.switched_at = when;
    m.confirmed = true;
    m.confirmed_at = when;
    m.last_confirmed = state;
    m.tries = 0;
    m.not_following = false;
    m.interrupted = false;
}

/// Returns true if the lease has ended. In a trial, whose timer is shorter, every OFF that voltd did not order counts as the
/// timer's.
bool lease_at_end(const OutputMemory& m, const OutputWiring& wiring, Time when) {
    if (m.trial) return true;
    return m.on && wiring.lease > 0ms && m.sent_at && when - *m.sent_at >= wiring.lease - lease_slack;
}

/// Returns the cause of a difference between a confirmed output and its order.
OutputMove cause(const OutputMemory& m, const OutputWiring& wiring, const OutputReport& report, Time now) {
    const bool ended = lease_at_end(m, wiring, report.state_at) || is_off_by_timer(report);
    if (m.on && report.state == OutputState::off && ended) return OutputMove::lease_ended;
    const bool answered = (m.trip_until && report.state == OutputState::on) || follows_timer_off(report);
    if (protection_near(report, report.state_at) || answered) return OutputMove::tripped;
    const OutputMove restarted = report.state == OutputState::off ? OutputMove::restarted_off : OutputMove::restarted_on;
    if (m.interrupted) return restarted;
    if (m.ordered_at && now - *m.ordered_at < own_change) return OutputMove::unexplained;
    // Soon after its return a device may still be booting, or obey an old command: nothing shows that a person switched it.
    return report.restarting ? restarted : OutputMove::external;
}

/// Records an external switch. Repeated reversals of recent orders suggest another controller, not a person.
void note_external(OutputMemory& m, Time when, bool restarting) {
    m.external_at = when;
    if (restarting || !m.ordered_at || when - *m.ordered_at >= limits::disputed_order) return;
    if (m.disputes.size() == limits::disputes) m.disputes.erase(m.disputes.begin());
    m.disputes.push_back(when);
    if (m.disputes.size() == limits::disputes && when - m.disputes.front() < limits::external_memory) m.external_again_at = when;
}

/// Records that the output no longer matches its order: the order is unconfirmed again, and the load decides.
void differ(OutputMemory& m, const OutputWiring& wiring, const OutputReport& report, Time now, OutputTick& out) {
    out.event = cause(m, wiring, report, now);
    out.event_at = report.state_at;
    if (out.event == OutputMove::external || out.event == OutputMove::unexplained)
        note_external(m, report.state_at, report.restarting);
    const bool opened = m.on && report.state == OutputState::off && out.event != OutputMove::lease_ended;
    m.opened_at = opened ? std::optional(report.state_at) : std::nullopt;
    if (opened && out.event == OutputMove::tripped) trip(m, report, now);
    m.confirmed = false;
    m.tries = 0;
    m.try_at.reset();
    m.last_confirmed = report.state;
    m.switched_at = report.state_at;
    m.interrupted = false;
}

/// Returns true if its protection keeps it off although it was ordered on.
bool refuses(const OutputMemory& m, const OutputWiring& wiring, const OutputReport& report) {
    return m.on && report.state == OutputState::off && protection_near(report, report.state_at) &&
           !lease_at_end(m, wiring, report.state_at) && !is_off_by_timer(report);
}

void update_report(const OutputReport& report, const OutputWiring& wiring, Time now, bool commanding, OutputMemory& m,
                   OutputTick& out) {
    if (!is_live(report) || (m.reported_at && report.state_at <= *m.reported_at)) return;
    const bool changed = m.reported != report.state || m.reported_level != report.level;
    const bool fits = m.ordered && matches(m, report.state, report.level, wiring.kind);
    if (changed && fits && m.reported_at) m.fault_until.reset();
    m.reported = report.state;
    m.reported_level = report.level;
    m.reported_at = report.state_at;
    m.asked_at.reset();
    m.unanswered = 0;
    if (!m.ordered || !commanding) return;
    const bool later = !m.ordered_at || report.state_at > *m.ordered_at;
    const bool changed_since = m.ordered_at && report.changed_at > *m.ordered_at;
    if (fits && later && !m.confirmed) confirm(m, changed_since ? report.changed_at : report.state_at);
    else if (fits && m.confirmed) m.interrupted = false;
    else if (!fits && later && (m.confirmed || refuses(m, wiring, report))) differ(m, wiring, report, now, out);
}

/// Returns true if only a hint came and the time for a report is over: the output counts as off, unless it should be on.
bool hint_is_old(const Observed& tick, const OutputReport& report, const OutputMemory& m) {
    const Time since = std::max({*tick.state.started, report.available_since, tick.snapshot.broker_up_since});
    return report.hint && !(m.ordered && m.on) &&
           tick.now - since >= tick.policy.control.adopt_timeout + tick.policy.control.start_hold;
}

OutputState state_of(const Observed& tick, const OutputReport& report, const OutputMemory& m, const OutputTick& out) {
    if (!out.there) return OutputState::unknown;
    if (hint_is_old(tick, report, m)) return OutputState::off;
    if (report.confirms_by_sending) return !m.ordered ? OutputState::unknown : m.on ? OutputState::on : OutputState::off;
    if (!report.can_be_asked) return report.hint ? OutputState::unknown : report.state;
    return is_live(report) && m.unanswered < 2 ? report.state : OutputState::unknown;
}

bool wants_question(const OutputMemory& m, const OutputTick& out, Time now, bool first) {
    if (m.asked_at) return now - *m.asked_at >= m.ask_gap;
    return first || out.back || !m.reported_at || now - *m.reported_at >= silence;
}

/// Queries the state. The gap doubles while there is no answer.
void question(Observed& tick, OutputMemory& m, const OutputTick& out) {
    const bool again = m.asked_at.has_value() && !out.back;
    if (again) m.unanswered = std::min(m.unanswered + 1, 2);
    m.ask_gap = again ? std::min(m.ask_gap * 2, longest_gap) : tick.policy.control.confirm;
    m.asked_at = tick.now;
}

/// Queries an output. One query returns state and meter.
void ask_what_is_due(Observed& tick, Index index, OutputMemory& m, OutputTick& out, bool first) {
    const OutputReport& report = tick.snapshot.outputs[at(index)];
    if (!report.can_be_asked || report.confirms_by_sending || !tick.snapshot.broker_up) return;
    const bool state = out.back || wants_question(m, out, tick.now, first);
    const auto taken = report.power.received ? std::optional(report.power.taken) : std::nullopt;
    const bool meter = tick.policy.outputs[at(index)].meter && out.there && meter_is_due(m, taken, tick.now);
    if (!state && !meter) return;
    if (state) question(tick, m, out);
    out.asked = true;
    m.meter_asked_at = tick.now;
    tick.ask.push_back(index);
}

/// Returns true if a reading that came with the confirmation, in a separate message, was taken after the switching.
bool came_after_confirmation(const OutputReport& report, const OutputMemory& m) {
    return report.power_alone && m.confirmed && m.confirmed_at == m.switched_at;
}

/// Returns a usable reading: plausible, not stale, and taken after the last switching.
std::optional<Watts> measured(const OutputReport& report, const OutputWiring& wiring, OutputMemory& m, Time now) {
    if (!wiring.meter || !report.power.received) return std::nullopt;
    m.meter.see(report.power.taken);
    if (!report.power.value || now - report.power.taken > m.meter.limit()) return std::nullopt;
    if (*report.power.value < limits::meter_lowest || *report.power.value > limits::meter_highest) return std::nullopt;
    if (m.switched_at && report.power.taken < *m.switched_at) return std::nullopt;
    if (m.switched_at && report.power.taken == *m.switched_at && !came_after_confirmation(report, m)) return std::nullopt;
    return report.power.value;
}

/// Returns true if a load, an enabled fan or the charge guard uses this output.
bool in_use(const Policy& policy, Index output) {
    return output == policy.charge_output ||
           std::any_of(policy.miners.begin(), policy.miners.end(), [&](const Miner& it) { return it.output == output; }) ||
           std::any_of(policy.zones.begin(), policy.zones.end(),
                       [&](const Zone& it) { return it.heater == output || (it.enabled && it.fan_enabled && it.fan == output); });
}

/// Forgets a stored order, which does not prove the output's current state, so that its report is adopted. Keeps an unconfirmed
/// OFF, which voltd still repeats, and the order of an output that cannot report, its only known state. Keeps the order of an
/// output that nothing uses, so that it is switched off.
void forget_stored_order(const OutputReport& report, bool used, OutputMemory& m) {
    const bool off_in_flight = !m.on && m.last_confirmed != OutputState::off;
    if (!used) return;
    if (!off_in_flight && !report.confirms_by_sending) m.ordered = false;
}

void observe(Observed& tick, Index index) {
    const OutputReport& report = tick.snapshot.outputs[at(index)];
    const OutputWiring& wiring = tick.policy.outputs[at(index)];
    OutputMemory& m = tick.state.outputs[at(index)];
    OutputTick& out = tick.outputs[at(index)];
    const bool first = !m.met;
    if (first) forget_stored_order(report, in_use(tick.policy, index), m);
    update_presence(tick.snapshot, report, m, out);
    out.taken_back = live(tick) && explains_last_change(m, report, tick.now);
    update_report(report, wiring, tick.now, live(tick), m, out);
    ask_what_is_due(tick, index, m, out, first);
    out.state = state_of(tick, report, m, out);
    out.settling = out.there && report.hint && !hint_is_old(tick, report, m);
    out.level = out.state == OutputState::on ? report.level : 0;
    if (out.there) m.lease_proven = wiring.lease > 0ms && (report.lease == Lease::armed || report.lease_proven);
    out.first_seen = !m.ordered && out.state != OutputState::unknown;
    out.measured = measured(report, wiring, m, tick.now);
    if (m.fault_until && *m.fault_until <= tick.now) m.fault_until.reset();
    if (m.trip_until && *m.trip_until <= tick.now) m.trip_until.reset();
}

}  // namespace

void observe_outputs(Observed& tick) {
    tick.outputs.resize(tick.policy.outputs.size());
    for (std::size_t i = 0; i < tick.outputs.size(); ++i) observe(tick, static_cast<Index>(i));
}

bool adopted(const Observed& tick) {
    const bool timed_out = tick.now - *tick.state.started >= tick.policy.control.adopt_timeout;
    if (timed_out) return true;
    for (std::size_t i = 0; i < tick.outputs.size(); ++i)
        if (tick.outputs[i].state == OutputState::unknown && !tick.state.outputs[i].reported_at) return false;
    return true;
}

}  // namespace volt
