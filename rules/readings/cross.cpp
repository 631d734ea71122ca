// Two devices that measure the same bank: which value counts while they disagree.
#include <algorithm>
#include <cstddef>

#include "rules/battery/bank.hpp"
#include "rules/hold.hpp"
#include "rules/readings/parts.hpp"

namespace volt {

namespace {

constexpr Volts significant_difference = 100_cV;
constexpr Duration confirmed_after = 60s;
constexpr Duration confirmed_after_critical = 10s;  // if the lower value is at or under critical_low

/// The first usable source on another device than the source in use.
Index other_device(const Policy& policy, const SourceTurns& turns, Index serving) {
    const int device = policy.voltage_sources[static_cast<std::size_t>(serving)].device;
    for (std::size_t i = 0; i < turns.size(); ++i)
        if (turns[i].quality == Quality::good && policy.voltage_sources[i].device != device) return static_cast<Index>(i);
    return no_index;
}

Volts value_of(const ReadingsState& state, Index source) { return *state.voltages[static_cast<std::size_t>(source)].good; }

/// Above the absolute maximum in the value that counts, at the second sample of its source.
bool above(const Policy& policy, const ReadingsState& state, Index source) {
    return value_of(state, source) > policy.preferences.absolute_max &&
           state.voltages[static_cast<std::size_t>(source)].over_maximum >= 2;
}

/// Long enough for stops: a minute, or 10 s if the lower value is at or under critical_low.
bool confirmed(const Hold& since, Volts lower, const Policy& policy, Time now) {
    return since.over(now, lower <= policy.preferences.critical_low ? confirmed_after_critical : confirmed_after);
}

/// A frozen source whose value is low and far under the source in use: either of the two may be wrong.
Index frozen_low(const Policy& policy, const ReadingsState& state, Volts serving, Time now) {
    Index lowest = no_index;
    for (std::size_t i = 0; i < state.voltages.size(); ++i) {
        const VoltageMemory& m = state.voltages[i];
        const bool answers = m.in_range_at && m.good && now - *m.in_range_at <= voltage_limit(policy, i);
        if (!answers || (!m.frozen && !m.unit_frozen) || *m.good > policy.preferences.low) continue;
        if (serving - *m.good < scaled(significant_difference, policy.preferences)) continue;
        if (lowest == no_index || *m.good < value_of(state, lowest)) lowest = static_cast<Index>(i);
    }
    return lowest;
}

/// It still counts for stops after the cross-check's times, including time before it was found frozen.
void count_frozen_low(const Policy& policy, Time now, const Hold& apart_before, ReadingsState& state, Readings& readings) {
    const Index low = frozen_low(policy, state, *readings.voltage, now);
    if (low == no_index) return state.frozen_low_since.reset();
    if (!state.frozen_low_since && apart_before) state.frozen_low_since = apart_before;
    state.frozen_low_since.see(true, now);
    if (!confirmed(state.frozen_low_since, value_of(state, low), policy, now)) return;
    readings.frozen_low = low;
    if (value_of(state, low) >= *readings.for_stops) return;
    readings.for_stops_source = low;
    readings.for_stops = value_of(state, low);
}

}  // namespace

void cross_check(const Policy& policy, const SourceTurns& turns, Time now, ReadingsState& state, Readings& readings) {
    if (!readings.voltage) {
        state.apart_since.reset();
        state.frozen_low_since.reset();
        return;
    }
    const Hold apart_before = state.apart_since;
    const Volts threshold = scaled(significant_difference, policy.preferences);
    const Index serving = readings.source;
    const Index other = other_device(policy, turns, serving);
    const bool apart = other != no_index && abs(value_of(state, other) - *readings.voltage) >= threshold;
    if (apart && !state.apart_since)
        state.apart_since = state.frozen_low_since;  // continues the same disagreement after one moved again
    state.apart_since.see(apart, now);
    const bool other_lower = apart && value_of(state, other) < *readings.voltage;
    const Index lower = other_lower ? other : serving;
    const Index higher = apart && !other_lower ? other : serving;
    readings.disagreement = state.apart_since.over(now, confirmed_after);
    const bool counts = confirmed(state.apart_since, value_of(state, lower), policy, now);
    readings.for_starts_source = lower;
    readings.for_starts = value_of(state, lower);
    readings.for_stops_source = counts ? lower : serving;
    readings.for_stops = value_of(state, readings.for_stops_source);
    readings.for_charge = value_of(state, higher);
    readings.over_maximum = above(policy, state, higher);
    count_frozen_low(policy, now, apart_before, state, readings);
}

}  // namespace volt
