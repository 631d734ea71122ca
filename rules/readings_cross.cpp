// Two devices that measure the same bank: what holds while they disagree.
#include <algorithm>
#include <cstddef>

#include "rules/readings_parts.hpp"
#include "rules/since.hpp"

namespace volt {

namespace {

constexpr Volts telling_difference = 100_cV;
constexpr Duration stands_after = 60s;
constexpr Duration stands_after_critical = 10s;  // where the lower one is at or under critical_low

/// The first usable source of another device than the serving one.
Index other_device(const Policy& policy, const SourceTurns& turns, Index serving) {
    const int device = policy.voltage_sources[static_cast<std::size_t>(serving)].device;
    for (std::size_t i = 0; i < turns.size(); ++i)
        if (turns[i].quality == Quality::good && policy.voltage_sources[i].device != device)
            return static_cast<Index>(i);
    return no_index;
}

Volts value_of(const ReadingsState& state, Index source) {
    return *state.voltages[static_cast<std::size_t>(source)].good;
}

/// Above the absolute maximum in the value that counts, at the second sample of its source.
bool above(const Policy& policy, const ReadingsState& state, Index source) {
    return value_of(state, source) > policy.preferences.absolute_max &&
           state.voltages[static_cast<std::size_t>(source)].over_maximum >= 2;
}

}  // namespace

void cross_check(const Policy& policy, const SourceTurns& turns, Time now, ReadingsState& state, Readings& readings) {
    if (!readings.voltage) {
        state.apart_since.reset();
        return;
    }
    const Index serving = readings.source;
    const Index other = other_device(policy, turns, serving);
    const bool apart = other != no_index && abs(value_of(state, other) - *readings.voltage) >= telling_difference;
    keep_since(state.apart_since, apart, now);
    const bool other_lower = apart && value_of(state, other) < *readings.voltage;
    const Index lower = other_lower ? other : serving;
    const Index higher = apart && !other_lower ? other : serving;
    const bool critical = value_of(state, lower) <= policy.preferences.critical_low;
    readings.disagreement = held(state.apart_since, now, stands_after);
    const bool counts = readings.disagreement || (critical && held(state.apart_since, now, stands_after_critical));
    readings.for_starts_source = lower;
    readings.for_starts = value_of(state, lower);
    readings.for_stops_source = counts ? lower : serving;
    readings.for_stops = value_of(state, readings.for_stops_source);
    readings.for_charge = value_of(state, higher);
    readings.over_maximum = above(policy, state, higher);
}

}  // namespace volt
