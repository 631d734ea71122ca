// Judges range, spikes, ages and quality of each voltage source separately.
#include <algorithm>
#include <cstddef>

#include "rules/battery/bank.hpp"
#include "rules/hold.hpp"
#include "rules/readings/parts.hpp"

namespace volt {

namespace {

constexpr Volts confirming_step = 50_cV;  // a second sample within this confirms a pending one

bool in_range(const VoltageSample& sample, const Policy& policy) {
    return sample.received && sample.value && plausible_range(policy.preferences).holds(*sample.value);
}

bool confirms(Volts good, Volts pending, Volts second, Volts near) {
    const bool further = pending < good ? second < pending : second > pending;
    return further || abs(second - pending) <= near;
}

Volts nearer(Volts good, Volts one, Volts other) { return abs(one - good) <= abs(other - good) ? one : other; }

/// Returns the accepted value after this sample, or empty while it waits for a second one.
std::optional<Volts> filter(Volts value, const Policy& policy, const VoltageMemory& m) {
    if (!m.good || abs(value - *m.good) <= policy.control.spike) return value;
    const Volts near = scaled(confirming_step, policy.preferences);
    if (m.pending && confirms(*m.good, *m.pending, value, near)) return nearer(*m.good, *m.pending, value);
    return std::nullopt;
}

bool accept(Volts value, Time taken, const Policy& policy, VoltageMemory& m) {
    const std::optional<Volts> counts = filter(value, policy, m);
    if (!counts) {
        m.pending = value;
        return false;
    }
    m.good = counts;
    m.good_at = taken;
    m.pending.reset();
    return true;
}

bool is_new(const VoltageSample& sample, const VoltageMemory& m) {
    return sample.received && (!m.seen_at || sample.taken > *m.seen_at);
}

void take(const VoltageSample& sample, const Policy& policy, Duration limit, VoltageMemory& m, SourceTurn& turn) {
    if (!is_new(sample, m)) return;
    m.seen_at = sample.taken;
    if (!in_range(sample, policy)) return;
    const Time last_good = m.good ? m.good_at : sample.taken;
    turn.fresh = true;
    m.second = m.newest;
    m.newest = sample.value;
    m.newest_at = sample.taken;
    turn.accepted = accept(*sample.value, sample.taken, policy, m);
    turn.spread = turn.accepted && sample.taken - last_good > limit;
    if (*sample.value > policy.preferences.absolute_max) m.over_maximum = std::min(m.over_maximum + 1, 2U);
    else if (turn.accepted)  // a single low sample may be a spike and does not count
        m.over_maximum = 0;
}

Quality quality_of(const VoltageSample& sample, const Policy& policy, const VoltageMemory& m, Time now, Duration limit) {
    if (m.frozen || m.unit_frozen) return Quality::stale;
    if (m.good && now - worth_at(m) <= limit) return Quality::good;
    if (!sample.received || !sample.value) return Quality::missing;
    return in_range(sample, policy) ? Quality::stale : Quality::implausible;
}

}  // namespace

Duration voltage_limit(const Policy& policy, std::size_t source) {
    return age_limit(policy.control.voltage_stale, policy.voltage_sources[source].poll);
}

void take_voltages(const SiteSnapshot& snapshot, const Policy& policy, SourceTurns& turns, ReadingsState& state) {
    turns.resize(state.voltages.size());
    for (std::size_t i = 0; i < turns.size(); ++i)
        take(snapshot.voltages[i], policy, voltage_limit(policy, i), state.voltages[i], turns[i]);
}

void judge_quality(const SiteSnapshot& snapshot, const Policy& policy, SourceTurns& turns, ReadingsState& state) {
    for (std::size_t i = 0; i < turns.size(); ++i) {
        VoltageMemory& m = state.voltages[i];
        turns[i].quality = quality_of(snapshot.voltages[i], policy, m, snapshot.now, voltage_limit(policy, i));
        m.good_since.see(turns[i].quality == Quality::good && !m.restless, snapshot.now);
    }
}

void watch_restless(const Policy& policy, Time now, Duration elapsed, ReadingsState& state) {
    for (std::size_t i = 0; i < state.voltages.size(); ++i) {
        VoltageMemory& m = state.voltages[i];
        const Duration limit = voltage_limit(policy, i);
        const bool silent = !m.newest || now - m.newest_at > limit;
        m.waiting.see(silent ? std::nullopt : std::optional<bool>(m.pending.has_value()), elapsed, limit);
        if (m.waiting.over(limit)) m.restless = true;
        else if (!m.waiting.stands()) m.restless = false;
    }
}

}  // namespace volt
