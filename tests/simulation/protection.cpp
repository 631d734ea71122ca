#include "tests/simulation/protection.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "rules/battery/bank.hpp"

namespace volt::simulation {

namespace {

constexpr std::int64_t honest_again_s = 300;  // until the way back to the first source and the cross-check are over
constexpr Duration charge_alarm_after = 120s;
constexpr Amps charging_from{500};
constexpr Celsius agree_within = 50_dK;

Index output_of(const Policy& policy, std::size_t load) {
    return is_heater(policy, load) ? policy.zones[load - policy.miners.size()].heater : policy.miners[load].output;
}

bool honest(const Truth& truth) {
    return truth.now_s > std::max(truth.source_until_s[0], truth.source_until_s[1]) + honest_again_s;
}

}  // namespace

/// A new daemon knows nothing of holds, and may find a load on or off.
void Protection::forget_daemon() {
    for (Watched& w : watched_) {
        const bool wanted = w.wanted;
        w = {};
        w.wanted = wanted;
    }
    charging_.reset();
    last_.reset();
}

/// Property 17: only a start, and its repeats until it is confirmed, sends ON to a load that does not report on.
void Protection::check_orders(const Tick& t, std::size_t load) {
    Watched& w = watched_[load];
    const Index output = output_of(t.policy, load);
    const OutputReport& report = t.snapshot.outputs[static_cast<std::size_t>(output)];
    const bool on = report.available && report.state_received && !report.hint && report.state == OutputState::on;
    if (w.started_at && on && report.state_at > *w.started_at) w.confirmed = true;
    const bool begins = t.decision.verdicts[load].wanted && !w.wanted;
    for (const Command& command : t.decision.commands) {
        if (command.output != output || !command.on) continue;
        if (!report.available) t.violations.add("19 away", t.at(), load, "ON to a load that is away");
        if (command.renewal && !on) t.violations.add("17 renewal", t.at(), load, "ON renewed at a relay that does not report on");
        if (command.renewal || on) continue;
        const bool repeats = command.retry && w.started_at && !w.confirmed;
        if (!repeats && !(begins && !command.retry)) t.violations.add("17 switched on", t.at(), load, "ON without a start");
        if (command.retry) continue;
        w.started_at = t.snapshot.now;
        w.confirmed = false;
    }
    if (!t.decision.verdicts[load].wanted) w.started_at.reset();
}

/// Property 19: what is said to end by itself ends at one time while it is away.
void Protection::check_end(const Tick& t, std::size_t load) {
    Watched& w = watched_[load];
    const auto output = static_cast<std::size_t>(output_of(t.policy, load));
    const bool away = !t.snapshot.outputs[output].available || !t.snapshot.broker_up;
    const std::optional<Time> last_on = t.decision.next.outputs[output].last_on_at;
    if (!away) w.said_on_at.reset();
    else if (!w.said_on_at) w.said_on_at = last_on;
    else if (w.said_on_at != last_on) t.violations.add("19 end", t.at(), load, "its end moved while it is away");
}

/// Property 18 for the stop by voltage: not earlier than its hold, and in time where the voltage is low in every second tick.
void Protection::check_stop(const Tick& t, std::size_t load) {
    Watched& w = watched_[load];
    const Verdict& verdict = t.decision.verdicts[load];
    const Miner& miner = t.policy.miners[load];
    const Duration hold = t.policy.control.stop_hold;
    const Volts stop = miner.stop, limit = std::max(stop, t.policy.preferences.reserve.value_or(stop));
    const std::optional<Volts>& v = t.decision.battery.voltage;
    const bool sure_of_v = honest(t.truth) && v;
    const bool possible = !sure_of_v || *v < limit;
    const bool sure = sure_of_v && *v < stop && verdict.wanted;
    if (verdict.wanted && !w.wanted) w.low.reset();
    w.low.see(possible, sure, t.elapsed, hold);
    const bool stopped = w.wanted && !verdict.wanted && t.decision.next.loads[load].reason == Reason::voltage;
    if (stopped && !w.low.may_be_over(hold)) t.violations.add("18 early", t.at(), load, "stopped by voltage before its hold");
    if (!verdict.wanted) w.wanted_since.reset();
    else if (!w.wanted_since) w.wanted_since = t.snapshot.now;
    // One load ends after the other, and each end begins the hold of the others again.
    const Duration most = hold * static_cast<std::int64_t>(t.policy.miners.size());
    const bool may_stop = w.wanted_since && t.snapshot.now - *w.wanted_since > miner.min_on + t.policy.control.start_timeout;
    if (verdict.wanted && may_stop && w.low.must_be_over(most))
        t.violations.add("18 late", t.at(), load, "still runs although the voltage was low in every second tick");
}

/// Property 18 for the alarm that the bank is charged although it must not be.
void Protection::check_charge_alarm(const Tick& t) {
    const Sample<Amps>& current = t.snapshot.battery_current;
    const bool fresh = current.received && current.value && t.snapshot.now - current.taken <= 10s;
    const bool blocked = t.decision.charge.blocked;
    const bool above = fresh && *current.value > charging_from;
    charging_.see(blocked && (above || !fresh || !honest(t.truth)), blocked && above && honest(t.truth), t.elapsed,
                  charge_alarm_after);
    if (!blocked) charging_.reset();
    const bool said = std::any_of(t.decision.alarms.begin(), t.decision.alarms.end(),
                                  [](const Alarm& alarm) { return alarm.code == AlarmCode::charge_not_blocked; });
    if (said && !charging_.may_be_over(charge_alarm_after))
        t.violations.add("18 early", t.at(), watched_.size(), "charge_not_blocked before its time");
    if (said) charging_.begin_again();
    if (!said && charging_.must_be_over(charge_alarm_after) && !t.decision.power.balance.at_odds)
        t.violations.add("18 late", t.at(), watched_.size(), "charges for long, and no alarm says so");
}

/// Property 20: two other battery temperatures that agree are believed against the guard's. Nothing but the GX lies here.
void Protection::check_cold(const Tick& t) const {
    std::optional<Celsius> limit;
    for (const Zone& zone : t.policy.zones)
        if (zone.enabled && zone.block_charging_enabled)
            limit = std::max(limit.value_or(zone.block_charging_below), zone.block_charging_below);
    const auto& temperatures = t.snapshot.battery_temperatures;
    std::vector<Celsius> cold;
    for (std::size_t i = 1; i < temperatures.size(); ++i) {
        const Sample<Celsius>& sample = temperatures[i].sample;
        const bool fresh = sample.received && sample.value && t.snapshot.now - sample.taken <= 60s;
        if (limit && fresh && static_cast<Index>(i) != t.decision.charge.source && *sample.value < *limit)
            cold.push_back(*sample.value);
    }
    if (cold.size() < 2 || t.decision.charge.blocked) return;
    const auto [low, high] = std::minmax_element(cold.begin(), cold.end());
    if (*high - *low <= agree_within)
        t.violations.add("20 cold", t.at(), watched_.size(), "two temperatures are under the limit, and charging is allowed");
}

void Protection::see(const Truth& truth, const SiteSnapshot& snapshot, const Policy& policy, const Decision& decision,
                     Violations& violations) {
    if (truth.began) forget_daemon();
    const Tick t{truth, snapshot, policy, decision, violations, last_ ? snapshot.now - *last_ : Duration{}};
    last_ = snapshot.now;
    for (std::size_t load = 0; load < watched_.size(); ++load) {
        if (output_of(policy, load) == no_index) continue;
        check_orders(t, load);
        check_end(t, load);
        if (!is_heater(policy, load)) check_stop(t, load);
        watched_[load].wanted = decision.verdicts[load].wanted;
    }
    check_charge_alarm(t);
    check_cold(t);
}

}  // namespace volt::simulation
