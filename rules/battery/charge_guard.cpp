#include "rules/battery/charge_guard.hpp"

#include <algorithm>
#include <cstddef>

namespace volt {

namespace {

bool guards(const Zone& zone) { return zone.enabled && zone.block_charging_enabled; }

Index find(const std::vector<TemperatureSource>& sources, const std::string& name) {
    for (std::size_t i = 0; i < sources.size(); ++i)
        if (sources[i].name == name) return static_cast<Index>(i);
    return no_index;
}

/// Sets the guard's source. The last value of the old source does not apply to the new one.
void set_guard(const TemperatureSource& source, ChargeState& state) {
    if (state.source == source.name) return;
    state.source = source.name;
    state.last_temperature.reset();
}

/// Clears the guard: no configured source has ever reported a value.
Guard no_guard(ChargeState& state) {
    state.source.clear();
    state.last_temperature.reset();
    return {};
}

/// Returns the first source in the list that ever reported a value. An earlier one takes over with its first value.
Guard battery_guard(const Policy& policy, const Readings& readings, ChargeState& state) {
    const auto& sources = policy.battery_temperatures;
    Index guard = find(sources, state.source);
    const std::size_t end = guard == no_index ? sources.size() : static_cast<std::size_t>(guard);
    for (std::size_t i = 0; i < end; ++i)
        if (readings.batteries[i]) {
            guard = static_cast<Index>(i);
            break;
        }
    if (guard == no_index) return no_guard(state);
    const auto at = static_cast<std::size_t>(guard);
    if (state.source != sources[at].name) {
        // The block follows the source that started it, and ends when that source is warm.
        if (state.cold && find(sources, state.source) != no_index)
            state.others.push_back({state.source, state.last_temperature, {}, {}, false});
        state.warm_since.reset();
    }
    set_guard(sources[at], state);
    return {guard, readings.batteries[at]};
}

/// Returns the coldest guarding zone. A zone whose sensor goes silent remains the guard until another is colder than its last
/// value.
Guard zone_guard(const Policy& policy, const Readings& readings, ChargeState& state) {
    const auto value = [&](Index sensor) { return readings.sensors[static_cast<std::size_t>(sensor)]; };
    const auto guarded = [&](Index sensor) {
        return std::any_of(policy.zones.begin(), policy.zones.end(),
                           [&](const Zone& zone) { return guards(zone) && zone.sensor == sensor; });
    };
    Index guard = find(policy.sensors, state.source);
    if (guard != no_index && !guarded(guard)) guard = no_index;
    std::optional<Celsius> coldest;
    if (guard != no_index) coldest = value(guard) ? value(guard) : state.last_temperature;
    for (const Zone& zone : policy.zones) {
        if (!guards(zone) || zone.sensor == no_index || !value(zone.sensor)) continue;
        if (guard != no_index && coldest && *value(zone.sensor) >= *coldest) continue;
        guard = zone.sensor;
        coldest = value(guard);
    }
    if (guard == no_index) return no_guard(state);
    set_guard(policy.sensors[static_cast<std::size_t>(guard)], state);
    return {guard, value(guard)};
}

}  // namespace

std::optional<Celsius> charge_limit(const Policy& policy) {
    std::optional<Celsius> limit;
    for (const Zone& zone : policy.zones)
        if (guards(zone)) limit = limit ? std::max(*limit, zone.block_charging_below) : zone.block_charging_below;
    return limit;
}

Guard choose_guard(const Policy& policy, const Readings& readings, ChargeState& state) {
    return policy.battery_temperatures.empty() ? zone_guard(policy, readings, state) : battery_guard(policy, readings, state);
}

}  // namespace volt
