// Cross-check of two devices that measure the same bank: chooses the value to use while they disagree.
#include <algorithm>
#include <cstddef>

#include "rules/battery/bank.hpp"
#include "rules/hold.hpp"
#include "rules/readings/parts.hpp"

namespace volt {

namespace {

constexpr Volts significant_difference = 100_cV;
constexpr Duration confirmed_after = 60s;
constexpr Duration confirmed_after_critical = 10s;  // used if the lower value is at or under critical_low

struct CrossTick {
    Time now{};
    Duration elapsed{};
};

/// Returns the first usable source on another device than the source in use. Uses a restless one only if no other source speaks
/// for a device.
Index other_device(const Policy& policy, const SourceTurns& turns, const ReadingsState& state, Index serving) {
    const int device = policy.voltage_sources[static_cast<std::size_t>(serving)].device;
    Index restless = no_index;
    for (std::size_t i = 0; i < turns.size(); ++i) {
        if (turns[i].quality != Quality::good || policy.voltage_sources[i].device == device) continue;
        if (!state.voltages[i].restless) return static_cast<Index>(i);
        if (restless == no_index) restless = static_cast<Index>(i);
    }
    return restless;
}

Volts value_of(const ReadingsState& state, Index source) { return worth_of(state.voltages[static_cast<std::size_t>(source)]); }

/// Returns true if the accepted value is above the absolute maximum in two consecutive samples.
bool above(const Policy& policy, const ReadingsState& state, Index source) {
    return value_of(state, source) > policy.preferences.absolute_max &&
           state.voltages[static_cast<std::size_t>(source)].over_maximum >= 2;
}

/// Returns true if the difference lasted long enough for stops: a minute, or 10 s if the lower value is at or under critical_low.
bool confirmed(const ProtectingHold& hold, Volts lower, const Policy& policy) {
    return hold.over(lower <= policy.preferences.critical_low ? confirmed_after_critical : confirmed_after);
}

/// Returns a frozen source whose value is low and far under the source in use: either of the two may be wrong.
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

/// Counts a frozen low voltage for stops after the cross-check's times, including the time before it was found frozen.
void count_frozen_low(const Policy& policy, const CrossTick& tick, const ProtectingHold& apart_before, ReadingsState& state,
                      Readings& readings) {
    const Index low = frozen_low(policy, state, *readings.voltage, tick.now);
    if (low == no_index) return state.frozen_low.reset();
    if (!state.frozen_low && apart_before) state.frozen_low = apart_before;
    state.frozen_low.see(true, tick.elapsed, confirmed_after);
    if (!confirmed(state.frozen_low, value_of(state, low), policy)) return;
    readings.frozen_low = low;
    if (value_of(state, low) >= *readings.for_stops) return;
    readings.for_stops_source = low;
    readings.for_stops = value_of(state, low);
}

/// Returns true if each has a new sample since the last comparison.
bool both_new(const VoltageMemory& one, const VoltageMemory& other) {
    const auto is_new = [](const VoltageMemory& m) { return !m.compared_at || m.newest_at > *m.compared_at; };
    return is_new(one) && is_new(other);
}

/// Compares the two. Between their samples the last result remains, and the hold pauses while one of them is not usable.
void compare(const Policy& policy, const CrossTick& tick, Index serving, Index other, ReadingsState& state) {
    if (other == no_index) return;
    VoltageMemory& one = state.voltages[static_cast<std::size_t>(serving)];
    VoltageMemory& two = state.voltages[static_cast<std::size_t>(other)];
    if (both_new(one, two)) {
        one.compared_at = one.newest_at;
        two.compared_at = two.newest_at;
        const Volts threshold = scaled(significant_difference, policy.preferences);
        state.apart_now = abs(worth_of(one) - worth_of(two)) >= threshold;
        if (state.apart_now && !state.apart) state.apart = state.frozen_low;  // continues after one of them moved again
    }
    state.apart.see(state.apart_now, tick.elapsed, confirmed_after);
    if (state.apart.over(confirmed_after)) state.disagree = true;
    else if (!state.apart.stands()) state.disagree = false;
}

}  // namespace

void cross_check(const Policy& policy, const SourceTurns& turns, Time now, ReadingsState& state, Readings& readings) {
    if (!readings.voltage) return;
    const CrossTick tick{now, elapsed_since(state, now)};
    const ProtectingHold apart_before = state.apart;
    const Index serving = readings.source;
    const Index other = other_device(policy, turns, state, serving);
    compare(policy, tick, serving, other, state);
    const bool apart = state.apart && other != no_index;
    const bool other_lower = apart && value_of(state, other) < *readings.voltage;
    const Index lower = other_lower ? other : serving;
    const Index higher = apart && !other_lower ? other : serving;
    readings.disagreement = state.disagree;
    const bool counts = state.disagree || confirmed(state.apart, value_of(state, lower), policy);
    readings.for_starts_source = lower;
    readings.for_starts = value_of(state, lower);
    readings.for_stops_source = counts ? lower : serving;
    readings.for_stops = value_of(state, readings.for_stops_source);
    readings.for_charge = value_of(state, higher);
    readings.over_maximum = above(policy, state, higher);
    count_frozen_low(policy, tick, apart_before, state, readings);
}

}  // namespace volt
