// Power, battery current, BMS limit and weather.
#include <algorithm>
#include <cstddef>

#include "rules/battery/bank.hpp"
#include "rules/hold.hpp"
#include "rules/limits.hpp"
#include "rules/readings/parts.hpp"
#include "rules/readings/site_power.hpp"

namespace volt {

namespace {

constexpr Watts most_power = 100000_W;
constexpr Duration bms_stale = 30s;
constexpr Volts swing_of_voltage = 50_cV;  // swing of the voltage while a power does not move

template <class T>
std::optional<T> fresh(const Sample<T>& sample, Time now, Duration limit) {
    if (!sample.received || now - sample.taken > limit) return std::nullopt;
    return sample.value;
}

Duration slowest_poll(const Policy& policy) {
    Duration slowest = policy.power_poll;
    for (const VoltageSource& source : policy.voltage_sources) slowest = std::max(slowest, source.poll);
    return slowest;
}

/// Returns the current of 100 kW at the lowest voltage in range.
Amps most_current(const Policy& policy) { return {most_power.steps * 10000 / plausible_range(policy.preferences).lowest.steps}; }

/// Returns the BMS discharge limit in watts, rounded down, or empty without a limit or a known voltage.
std::optional<Watts> bms_limit(std::optional<Amps> amps, const Policy& policy, const Readings& readings) {
    if (!amps) return std::nullopt;
    if (amps->steps <= 0) return 0_W;
    const std::optional<Volts> volts = readings.for_starts ? readings.for_starts : readings.last_voltage;
    if (!volts) return std::nullopt;
    return Watts{std::min(amps->steps, most_current(policy).steps) * volts->steps / 10000};
}

/// Clears the values of a suspect unit, and sums that include them.
template <class T>
void distrust(std::optional<T>& value, bool suspect, Readings& readings) {
    if (!suspect) return;
    value.reset();
    readings.powers.in_doubt = true;
}

bool any_suspect(const std::vector<Index>& units, const Policy& policy, const Readings& readings) {
    return std::any_of(units.begin(), units.end(), [&](Index unit) { return unit_is_suspect(unit, policy, readings); });
}

/// Counts a load below 0 as a source on the load's side.
void count_as_sun(Readings& readings) {
    if (!readings.load || *readings.load >= 0_W) return;
    if (readings.pv) *readings.pv -= *readings.load;
    readings.load = 0_W;
}

/// Gives values of a logger's copy the age of its last movement.
void age_copy(Index unit, const Policy& policy, Time now, Sample<Watts>& sample, Readings& readings) {
    const std::optional<Time> moved = copied_at(unit, policy, readings);
    if (!moved) return;
    sample.taken = std::min(sample.taken, *moved);
    if (sample.received && now - sample.taken > power_limit(policy)) readings.powers.in_doubt = true;
}

/// Gives a sum the age of its oldest part.
void age_copies(const Policy& policy, Time now, SitePower& power, Readings& readings) {
    if (readings.copied.empty()) return;
    for (const Index unit : policy.power.pv) age_copy(unit, policy, now, power.pv, readings);
    for (const Index unit : policy.power.load) age_copy(unit, policy, now, power.load, readings);
    for (const Index unit : policy.power.grid) age_copy(unit, policy, now, power.grid, readings);
    const Index source = power.battery_power_source;
    if (source != no_index)
        age_copy(policy.voltage_sources[static_cast<std::size_t>(source)].polled, policy, now, power.battery_power, readings);
}

void weigh_powers(const SiteSnapshot& snapshot, const Policy& policy, const SitePower& power, ReadingsState& state,
                  Readings& readings) {
    const Duration elapsed = elapsed_since(state, snapshot.now);
    const PowersInput input{snapshot.now,          elapsed,
                            policy.control.frozen, scaled(swing_of_voltage, policy.preferences),
                            readings.for_stops,    power.grid.received};
    judge_powers(input, readings.pv, readings.load, readings.grid, readings.battery_power, state.powers, readings.powers);
}

}  // namespace

void judge_values(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings) {
    const Time now = snapshot.now;
    const Amps most = most_current(policy);
    const Duration limit = power_limit(policy);
    SitePower power = site_power(snapshot, policy, readings);
    age_copies(policy, now, power, readings);
    readings.pv = within(fresh(power.pv, now, limit), -most_power, most_power);
    readings.load = within(fresh(power.load, now, limit), -most_power, most_power);
    readings.grid = within(fresh(power.grid, now, limit), -most_power, most_power);
    readings.battery_power = within(fresh(power.battery_power, now, limit), -most_power, most_power);
    readings.battery_current = within(fresh(power.battery_current, now, limit), -most, most);
    distrust(readings.pv, any_suspect(policy.power.pv, policy, readings), readings);
    distrust(readings.load, any_suspect(policy.power.load, policy, readings), readings);
    distrust(readings.grid, any_suspect(policy.power.grid, policy, readings), readings);
    distrust(readings.battery_power, is_suspect(power.battery_power_source, readings), readings);
    if (is_suspect(power.battery_current_source, readings)) readings.battery_current.reset();
    count_as_sun(readings);
    weigh_powers(snapshot, policy, power, state, readings);
    readings.pv_taken = power.pv.taken;
    readings.load_taken = power.load.taken;
    readings.bms_amps = fresh(power.bms_discharge_limit, now, age_limit(bms_stale, slowest_poll(policy)));
    readings.bms_limit = bms_limit(readings.bms_amps, policy, readings);
    readings.sunny = fresh(snapshot.sunny, now, policy.weather_stale);
    state.weather_lost_since.see(policy.weather_configured && !readings.sunny, now);
    readings.weather_failing = state.weather_lost_since.over(now, limits::weather_grace);
}

}  // namespace volt
