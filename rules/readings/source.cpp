// Chooses the voltage source in use, and the values of it that the rules may use.
#include <algorithm>
#include <cstddef>
#include <numeric>

#include "rules/battery/bank.hpp"
#include "rules/hold.hpp"
#include "rules/limits.hpp"
#include "rules/readings/parts.hpp"

namespace volt {

namespace {

constexpr Duration mean_window = 10s;
constexpr std::size_t most_recent = 64;    // the fastest poll is 0.2 s: 51 in the window
constexpr Duration longest_tick_gap = 5s;  // or three ticks, if longer
constexpr Duration renewal_gap = 30s;

bool usable(const SourceTurns& turns, Index source) {
    return source != no_index && turns[static_cast<std::size_t>(source)].quality == Quality::good;
}

bool calm(const ReadingsState& state, Index source) { return !state.voltages[static_cast<std::size_t>(source)].restless; }

Index first_usable(const SourceTurns& turns, const ReadingsState& state, bool restless) {
    for (Index i = 0; i < static_cast<Index>(turns.size()); ++i)
        if (usable(turns, i) && calm(state, i) != restless) return i;
    return no_index;
}

/// Chooses the source. A restless one is used only if no other is usable.
Index choose(const SourceTurns& turns, Time now, const ReadingsState& state) {
    const bool serves = usable(turns, state.serving);
    if (!serves || !calm(state, state.serving)) {
        if (const Index next = first_usable(turns, state, false); next != no_index) return next;
        if (serves) return state.serving;
        const Index next = first_usable(turns, state, true);
        return next == no_index ? state.serving : next;
    }
    for (Index better = 0; better < state.serving; ++better)
        if (state.voltages[static_cast<std::size_t>(better)].good_since.over(now, limits::source_returns_after)) return better;
    return state.serving;
}

void remember(Volts value, Time taken, ReadingsState& state) {
    if (state.recent.size() == most_recent) {
        state.recent.erase(state.recent.begin());
        state.recent_at.erase(state.recent_at.begin());
    }
    state.recent.push_back(value);
    state.recent_at.push_back(taken);
}

void forget_old(Time now, ReadingsState& state) {
    const auto first =
        std::find_if(state.recent_at.begin(), state.recent_at.end(), [now](Time taken) { return now - taken <= mean_window; });
    const auto gone = first - state.recent_at.begin();
    state.recent.erase(state.recent.begin(), state.recent.begin() + gone);
    state.recent_at.erase(state.recent_at.begin(), first);
}

/// Returns the mean in 0.1 mV; for a source polled less often than the window, its last value.
std::int64_t mean_of(Volts value, const ReadingsState& state) {
    if (state.recent.empty()) return value.steps * 100;
    const std::int64_t sum = std::accumulate(state.recent.begin(), state.recent.end(), std::int64_t{0},
                                             [](std::int64_t s, Volts v) { return s + v.steps; });
    return sum * 100 / static_cast<std::int64_t>(state.recent.size());
}

void follow_mean(bool changed, Time now, const VoltageMemory& m, ReadingsState& state, Readings& readings) {
    if (changed) {
        state.recent.clear();
        state.recent_at.clear();
    }
    if (m.good && (changed || readings.new_voltage)) remember(worth_of(m), worth_at(m), state);
    forget_old(now, state);
    if (readings.voltage) readings.mean_10s = mean_of(*readings.voltage, state);
}

void judge_gap(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings) {
    const Duration gap = state.last_tick ? snapshot.now - *state.last_tick : Duration::zero();
    if (gap > std::max(longest_tick_gap, 3 * policy.control.tick)) readings.starts_begin_again = true;
    // A sample in the first tick after the gap may be older than the gap: it may have waited in a socket.
    if (gap > renewal_gap) state.after_gap = true;
    else if (readings.new_voltage) state.after_gap = false;
    readings.tick_gap_30s = state.after_gap;
}

void count_sample(ReadingsState& state, Readings& readings) {
    if (readings.new_voltage && state.good_samples < limits::needed_samples) ++state.good_samples;
    readings.good_samples = state.good_samples;
}

/// Returns the newest value of a source if it is implausible for this bank.
std::optional<Volts> refused(const SiteSnapshot& snapshot, const Policy& policy, const VoltageRange& range, std::size_t source) {
    const VoltageSample& sample = snapshot.voltages[source];
    if (!sample.received || !sample.value || range.holds(*sample.value)) return std::nullopt;
    return snapshot.now - sample.taken > voltage_limit(policy, source) ? std::nullopt : sample.value;
}

void show_sources(const SiteSnapshot& snapshot, const Policy& policy, const SourceTurns& turns, const ReadingsState& state,
                  Readings& readings) {
    const VoltageRange range = plausible_range(policy.preferences);
    readings.frozen.reserve(turns.size());
    readings.source_quality.reserve(turns.size());
    for (std::size_t i = 0; i < turns.size(); ++i) {
        readings.frozen.push_back(state.voltages[i].frozen || state.voltages[i].unit_frozen);
        readings.source_quality.push_back(turns[i].quality);
        if (state.voltages[i].restless) {
            readings.restless.resize(turns.size());
            readings.restless[i] = true;
        }
        const std::optional<Volts> value = refused(snapshot, policy, range, i);
        if (value && readings.refused.empty()) readings.refused.resize(turns.size());
        if (value) readings.refused[i] = value;
    }
}

void serve_from(const Policy& policy, const SourceTurn& turn, const VoltageMemory& m, ReadingsState& state, Readings& readings) {
    const auto& sources = policy.voltage_sources;
    readings.quality = turn.quality;
    if (m.good) readings.voltage_taken = worth_at(m);
    if (turn.quality != Quality::good) return;
    readings.voltage = state.last_voltage = worth_of(m);
    readings.new_voltage = m.restless ? turn.fresh : turn.accepted;
    readings.degraded = sources[static_cast<std::size_t>(state.serving)].device != sources.front().device;
}

}  // namespace

void serve_voltage(const SiteSnapshot& snapshot, const Policy& policy, const SourceTurns& turns, ReadingsState& state,
                   Readings& readings) {
    show_sources(snapshot, policy, turns, state, readings);
    const Index before = state.serving;
    state.serving = choose(turns, snapshot.now, state);
    readings.source = state.serving;
    const bool changed = state.serving != before;
    if (state.serving != no_index) {
        const auto at = static_cast<std::size_t>(state.serving);
        serve_from(policy, turns[at], state.voltages[at], state, readings);
        follow_mean(changed, snapshot.now, state.voltages[at], state, readings);
        readings.starts_begin_again = changed || turns[at].spread || (readings.voltage && !state.had_voltage);
    } else if (!turns.empty()) {
        readings.quality = turns.front().quality;
    }
    readings.last_voltage = state.last_voltage;
    state.had_voltage = readings.voltage.has_value();
    count_sample(state, readings);
    judge_gap(snapshot, policy, state, readings);
}

}  // namespace volt
