// Two devices that measure the same bank: what holds while they disagree.
#include <algorithm>
#include <cstddef>

#include "rules/battery/bank.hpp"
#include "rules/hold.hpp"
#include "rules/readings/parts.hpp"

namespace volt {

namespace {

constexpr Volts telling_difference = 100_cV;
constexpr Duration stands_after = 60s;
constexpr Duration stands_after_critical = 10s;  // where the lower one is at or under critical_low

/// The first usable source of another device than the serving one.
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

/// Long enough for stops: a minute, or 10 s where the lower one is at or under critical_low.
bool stands(const Hold& since, Volts lower, const Policy& policy, Time now) {
    return since.over(now, lower <= policy.preferences.critical_low ? stands_after_critical : stands_after);
}

/// A source that answers the same for ever, low and far under the one that serves: which of the two lies is not known.
Index frozen_low(const Policy& policy, const ReadingsState& state, Volts serving, Time now) {
    Index lowest = no_index;
    for (std::size_t i = 0; i < state.voltages.size(); ++i) {
        const VoltageMemory& m = state.voltages[i];
        const bool answers = m.heard_at && m.good && now - *m.heard_at <= voltage_limit(policy, i);
        if (!answers || (!m.frozen && !m.unit_frozen) || *m.good > policy.preferences.low) continue;
        if (serving - *m.good < scaled(telling_difference, policy.preferences)) continue;
        if (lowest == no_index || *m.good < value_of(state, lowest)) lowest = static_cast<Index>(i);
    }
    return lowest;
}

/// It still counts for stops by the cross-check's times, including those that ran before it was found frozen.
void count_frozen_low(const Policy& policy, Time now, const Hold& apart_before, ReadingsState& state, Readings& readings) {
    const Index low = frozen_low(policy, state, *readings.voltage, now);
    if (low == no_index) return state.frozen_low_since.reset();
    if (!state.frozen_low_since && apart_before) state.frozen_low_since = apart_before;
    state.frozen_low_since.see(true, now);
    if (!stands(state.frozen_low_since, value_of(state, low), policy, now)) return;
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
    const Volts telling = scaled(telling_difference, policy.preferences);
    const Index serving = readings.source;
    const Index other = other_device(policy, turns, serving);
    const bool apart = other != no_index && abs(value_of(state, other) - *readings.voltage) >= telling;
    if (apart && !state.apart_since) state.apart_since = state.frozen_low_since;  // the same two, since one moves again
    state.apart_since.see(apart, now);
    const bool other_lower = apart && value_of(state, other) < *readings.voltage;
    const Index lower = other_lower ? other : serving;
    const Index higher = apart && !other_lower ? other : serving;
    readings.disagreement = state.apart_since.over(now, stands_after);
    const bool counts = stands(state.apart_since, value_of(state, lower), policy, now);
    readings.for_starts_source = lower;
    readings.for_starts = value_of(state, lower);
    readings.for_stops_source = counts ? lower : serving;
    readings.for_stops = value_of(state, readings.for_stops_source);
    readings.for_charge = value_of(state, higher);
    readings.over_maximum = above(policy, state, higher);
    count_frozen_low(policy, now, apart_before, state, readings);
}

}  // namespace volt
