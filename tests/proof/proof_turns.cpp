// Properties of time and of taking turns: 3, 6, 12.
#include <algorithm>
#include <utility>

#include "rules/battery/bank.hpp"
#include "tests/proof/proof.hpp"

namespace volt::proof {

namespace {

constexpr Duration hour = 3600s, heater_rest = 300s;

std::size_t most_starts(const Policy& policy, std::size_t load) {
    return is_heater(policy, load) ? 6 : static_cast<std::size_t>(policy.miners[load].max_starts_per_hour);
}

/// Returns the minimum rest.
Duration rest_at_least(const Turn& turn, std::size_t load, const LoadFacts& f) {
    const Policy& policy = turn.policy;
    if (is_heater(policy, load)) return heater_rest;
    const Duration own = policy.miners[load].min_off;
    const bool thrown_away = policy.preferences.bridge_wh != 0 && turn.decision.budget.full;  // a full bank ends long rests
    if (f.bad_runs == 0 || (thrown_away && !f.by_voltage)) return own;
    return std::max<Duration>(own, std::min<Duration>(300s * (1 << std::min(f.bad_runs, 5)), 7200s));
}

bool takes_part(const Verdict& verdict) { return !verdict.wanted; }

}  // namespace

void Proof::rests_and_takes_turns(const Turn& turn) {
    int started = 0;
    for (std::size_t i = 0; i < load_count(turn.policy); ++i) {
        LoadFacts& f = facts_.of(turn.policy, i);
        if (!f.started) continue;
        ++judged_[3];
        ++started;
        const std::string key = Facts::key(turn.policy, i);
        const Duration rest = rest_at_least(turn, i, f);
        if (f.off_from && turn.at - *f.off_from < rest)
            fail(3, turn, i,
                 "started " + std::to_string((turn.at - *f.off_from).count()) + " ms after it was off, its rest is " +
                     std::to_string(rest.count()) + " ms");
        if (f.starts.size() > most_starts(turn.policy, i)) fail(3, turn, i, "started past its starts per hour");
        const bool another = facts_.last_start && facts_.last_starter != key;
        if (another && turn.at - *facts_.last_start < turn.policy.control.start_stagger)
            fail(3, turn, i, "started within the stagger after " + facts_.last_starter);
        facts_.last_start = turn.at;
        facts_.last_starter = key;
    }
    if (started > 1) fail(3, turn, load_count(turn.policy), "two loads started in one tick");
}

/// Returns true if, by its verdict, only power, inverter and gates that wait with them block it.
void Proof::see_waiting(const Turn& turn, std::size_t load) {
    Waiting& w = waiting_[Facts::key(turn.policy, load)];
    const Verdict& v = turn.decision.verdicts[load];
    bool supply = false, other = false;
    for (const Gate& gate : v.gates) {
        if (gate.passes) continue;
        if (gate.name == GateName::power || gate.name == GateName::inverter) supply = true;
        else if (!gate.hold && gate.name != GateName::stagger && gate.name != GateName::priority) other = true;
    }
    if (turn.restarted || !takes_part(v) || !supply || other) w.by_gates.reset();
    else if (!w.by_gates) w.by_gates = turn.at;
}

/// Returns true if, by the raw inputs, everything but power has been well for long, and power may be lacking.
bool Proof::surely_waits_for_power(const Turn& turn, std::size_t load) {
    const Policy& policy = turn.policy;
    const Preferences& p = policy.preferences;
    const Miner& m = policy.miners[load];
    const LoadFacts& f = facts_.of(policy, load);
    Waiting& w = waiting_[Facts::key(policy, load)];
    const Verdict& v = turn.decision.verdicts[load];
    const OutputReport& report = turn.snapshot.outputs[static_cast<std::size_t>(m.output)];
    const std::optional<Volts> volts = turn.decision.battery.voltage;
    const bool asked = v.override_ == OverrideKind::automatic, there = report.available && turn.snapshot.broker_up;
    const bool low = !volts || *volts < m.start || *volts < p.low;
    const bool not_waiting = v.wanted || !m.enabled || p.mode == SiteMode::off || turn.snapshot.safe_mode || low ||
                             v.override_ == OverrideKind::off || !there;
    if (not_waiting) w.not_at = turn.at;
    Volts floor = std::max(m.stop, p.low);
    for (std::size_t i = 0; i < policy.miners.size(); ++i)
        if (turn.decision.verdicts[i].wanted) floor = std::max(floor, policy.miners[i].stop);
    bool high = volts.has_value() && !low && *volts < p.float_v;
    if (p.reserve) {
        high = high && *volts >= *p.reserve + scaled(150_cV, p);
        floor = std::max(floor, *p.reserve);
    }
    for (const SourceFacts& source : facts_.sources) high = high && source.last && *source.last >= m.start;
    if (high) high = volts->steps * 10 - 2 * sag_mv(m.power, p.internal_resistance_mohm, *volts) - 10 > floor.steps * 10;
    const bool simple = !m.require_excess_solar && !m.minimum_solar && !m.require_sunny && m.allow_outside_schedule &&
                        !m.max_runtime_day && !m.max_continuous && m.zone == no_index &&
                        !policy.outputs[static_cast<std::size_t>(m.output)].require_lease && m.enabled;
    const Duration rest = f.ever_bad ? std::max<Duration>(m.min_off, 7200s) : m.min_off;
    const bool rested = f.off_from && f.report_off && turn.at - *f.off_from > rest + 1s && f.report_at >= f.ordered_at &&
                        f.starts.size() < most_starts(policy, load);
    const Stage stage = turn.decision.battery.stage;
    const bool able = simple && high && rested && asked && there && p.mode != SiteMode::off && !turn.snapshot.safe_mode &&
                      stage > Stage::low && stage != Stage::overvoltage && !v.wanted && !turn.decision.battery.degraded &&
                      v.state == LoadState::off && turn.at - turn.started > policy.control.adopt_timeout + 35s;
    if (!able) w.able_since.reset();
    else if (!w.able_since) w.able_since = turn.at;
    const std::optional<std::int64_t> surplus = surplus_at_most(turn);
    if (!w.able_since || !w.not_at || !surplus || !calm(turn)) return false;
    const bool lacks = headroom_at_most(turn, load, *surplus, false) < m.power.steps;
    const bool long_enough = turn.at - *w.able_since > policy.control.start_hold + 10s;
    return lacks && long_enough && turn.at - *w.not_at < hour - 10s;
}

/// Checks that voltd never renews a load that runs to prove its relay's timer, and switches it off after the proof, including
/// restarts.
void Proof::trial_ends_in_off(const Turn& turn) {
    const std::set<std::string> before = std::exchange(tried_, {});
    for (std::size_t i = 0; i < turn.policy.miners.size(); ++i) {
        const Verdict& v = turn.decision.verdicts[i];
        const Index output = turn.policy.miners[i].output;
        const std::string key = Facts::key(turn.policy, i);
        const bool tried = output != no_index && turn.snapshot.lease_trial.output == output;
        if (before.count(key) > 0 && !tried) {
            ++judged_[103];
            if (v.wanted) fail(103, turn, i, "still runs after the proof of its relay's timer");
        }
        if (!v.lease_trial) continue;
        if (v.wanted) tried_.insert(key);
        for (const Command& command : turn.decision.commands)
            if (command.output == output && command.renewal)
                fail(103, turn, i, "renewed while its relay's timer is being proven");
    }
}

void Proof::smaller_level_goes_first(const Turn& turn) {
    const std::size_t miners = turn.policy.miners.size();
    std::vector<bool> waits(miners, false);
    for (std::size_t i = 0; i < miners; ++i) {
        see_waiting(turn, i);
        waits[i] = surely_waits_for_power(turn, i);
        const std::optional<Time>& since = waiting_[Facts::key(turn.policy, i)].by_gates;
        if (since && turn.at - *since < hour) waits[i] = true;
    }
    for (std::size_t i = 0; i < miners; ++i) {
        const LoadFacts& f = facts_.of(turn.policy, i);
        if (!f.started || f.forced) continue;
        for (std::size_t other = 0; other < miners; ++other) {
            if (turn.policy.miners[other].priority_level >= turn.policy.miners[i].priority_level) continue;
            if (!turn.decision.verdicts[other].wanted) ++judged_[6];
            if (waits[other]) fail(6, turn, i, "started while " + turn.policy.miners[other].id + " waits for power alone");
        }
    }
}

// Exempts overrides, external switching and reboots: a load is not judged for an hour after one of them.
void Proof::changes_are_bounded(const Turn& turn) {
    for (std::size_t i = 0; i < load_count(turn.policy); ++i) {
        const LoadFacts& f = facts_.of(turn.policy, i);
        if (f.handled_at && turn.at - *f.handled_at < hour) continue;
        if (f.flips.size() > 1) ++judged_[12];
        if (f.flips.size() > 2 * most_starts(turn.policy, i) + 1)
            fail(12, turn, i, std::to_string(f.flips.size()) + " changes ordered in an hour");
    }
}

}  // namespace volt::proof
