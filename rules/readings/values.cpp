// Power, battery current, BMS limit, weather and temperatures.
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
constexpr Celsius spike_step = 50_dK;  // counts from a second sample only
constexpr Celsius agreement = 20_dK;
constexpr Celsius leap_to_zero = 20_dK;  // a bank does not fall this far between two samples
constexpr Duration longest_zero = 600s;  // a real bank does not stay at one tenth of a degree this long
constexpr Duration bms_stale = 30s;
constexpr Volts telling_swing = 50_cV;  // of the voltage, while a power stands still

template <class T>
std::optional<T> fresh(const Sample<T>& sample, Time now, Duration limit) {
    if (!sample.received || now - sample.taken > limit) return std::nullopt;
    return sample.value;
}

template <class T>
std::optional<T> within(std::optional<T> value, T lowest, T highest) {
    return value && *value >= lowest && *value <= highest ? value : std::nullopt;
}

Duration slowest_poll(const Policy& policy) {
    Duration slowest = policy.power_poll;
    for (const VoltageSource& source : policy.voltage_sources) slowest = std::max(slowest, source.poll);
    return slowest;
}

/// 100 kW at the lowest voltage in range.
Amps most_current(const Policy& policy) { return {most_power.steps * 10000 / plausible_range(policy.preferences).lowest.steps}; }

/// The BMS discharge limit in watts, rounded down; nothing without a limit or without any known voltage.
std::optional<Watts> bms_limit(const Sample<Amps>& sample, Time now, const Policy& policy, const Readings& readings) {
    const Duration limit = age_limit(bms_stale, slowest_poll(policy));
    const std::optional<Amps> amps = fresh(sample, now, limit);
    if (!amps) return std::nullopt;
    if (amps->steps <= 0) return 0_W;
    const std::optional<Volts> volts = readings.for_starts ? readings.for_starts : readings.last_voltage;
    if (!volts) return std::nullopt;
    return Watts{std::min(amps->steps, most_current(policy).steps) * volts->steps / 10000};
}

void accept(Celsius value, Time taken, bool filtered, TemperatureMemory& m) {
    const bool near = !m.good || abs(value - *m.good) <= spike_step;
    const bool confirmed = m.pending && abs(value - *m.pending) <= agreement;
    if (filtered && !near && !confirmed) {
        m.pending = value;
        return;
    }
    m.good = value;
    m.good_at = taken;
    m.pending.reset();
}

/// The sensor's value, or nullopt if it is out of range or the 0.0 of a missing sensor.
std::optional<Celsius> usable_value(const Sample<Celsius>& sample, bool zero_is_suspect, const TemperatureMemory& m) {
    const std::optional<Celsius> value = sample.received ? within(sample.value, limits::coldest, limits::hottest) : std::nullopt;
    const bool ever_moved = m.moved || (m.good && m.good->steps != 0);
    if (value && value->steps == 0 && zero_is_suspect && !ever_moved) return std::nullopt;
    return value;
}

/// A 0.0 after a jump, or one that does not change, means a lost sensor until another value comes.
void watch_zero(Celsius value, Time taken, bool zero_is_suspect, TemperatureMemory& m) {
    if (value.steps != 0) {
        m.moved = true;
        m.zero_since.reset();
        m.lost = false;
        return;
    }
    if (!zero_is_suspect) return;
    m.zero_since.see(true, taken);
    const bool leapt = m.good && abs(*m.good) > leap_to_zero;
    if (!m.good || (!leapt && !m.zero_since.over(taken, longest_zero))) return;
    m.good.reset();
    m.pending.reset();
    m.moved = false;
    m.lost = true;
}

/// `filtered`: a step of more than 5 K counts from a second sample only.
std::optional<Celsius> judge_temperature(const Sample<Celsius>& sample, const TemperatureSource& source, bool zero_is_suspect,
                                         bool filtered, Time now, TemperatureMemory& m) {
    const bool fresh = sample.received && (!m.seen_at || sample.taken > *m.seen_at);
    if (fresh)
        if (const auto raw = within(sample.value, limits::coldest, limits::hottest))
            watch_zero(*raw, sample.taken, zero_is_suspect, m);
    const std::optional<Celsius> value = usable_value(sample, zero_is_suspect, m);
    if (fresh) {
        m.seen_at = sample.taken;
        if (value) accept(*value, sample.taken, filtered, m);
    }
    // No report since the start: the stored value is used with its own age. "No data" counts as missing at once.
    if (sample.received && !value) return std::nullopt;
    if (!m.good || now - m.good_at > source.stale_after) return std::nullopt;
    return m.good;
}

/// Clears what a suspect unit says, or what it adds to a sum.
template <class T>
void distrust(std::optional<T>& value, bool suspect, Readings& readings) {
    if (!suspect) return;
    value.reset();
    readings.powers.in_doubt = true;
}

bool any_suspect(const std::vector<Index>& units, const Policy& policy, const Readings& readings) {
    return std::any_of(units.begin(), units.end(), [&](Index unit) { return unit_is_suspect(unit, policy, readings); });
}

/// A load below 0 is a source on the load's side.
void count_as_sun(Readings& readings) {
    if (!readings.load || *readings.load >= 0_W) return;
    if (readings.pv) *readings.pv -= *readings.load;
    readings.load = 0_W;
}

void weigh_powers(const SiteSnapshot& snapshot, const Policy& policy, const SitePower& power, ReadingsState& state,
                  Readings& readings) {
    const Duration elapsed = elapsed_since(state, snapshot.now);
    const PowersInput input{snapshot.now,          elapsed,
                            policy.control.frozen, scaled(telling_swing, policy.preferences),
                            readings.for_stops,    power.grid.received};
    judge_powers(input, readings.pv, readings.load, readings.grid, readings.battery_power, state.powers, readings.powers);
}

}  // namespace

void judge_values(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings) {
    const Time now = snapshot.now;
    const Amps most = most_current(policy);
    const Duration limit = power_limit(policy);
    const SitePower power = site_power(snapshot, policy, readings);
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
    readings.bms_limit = bms_limit(power.bms_discharge_limit, now, policy, readings);
    readings.sunny = fresh(snapshot.sunny, now, policy.weather_stale);
    state.weather_lost_since.see(policy.weather_configured && !readings.sunny, now);
    readings.weather_failing = state.weather_lost_since.over(now, limits::weather_grace);
}

void judge_temperatures(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings) {
    readings.sensors.resize(policy.sensors.size());
    for (std::size_t i = 0; i < policy.sensors.size(); ++i) {
        const TemperatureSource& source = policy.sensors[i];
        readings.sensors[i] = judge_temperature(polled_temperature(snapshot.temperatures[i], source.polled, snapshot, policy),
                                                source, source.zero_is_suspect, true, snapshot.now, state.sensors[i]);
    }
    readings.batteries.resize(policy.battery_temperatures.size());
    for (std::size_t i = 0; i < policy.battery_temperatures.size(); ++i) {
        const TemperatureSource& source = policy.battery_temperatures[i];
        const BatteryTemperature& raw = snapshot.battery_temperatures[i];
        const bool suspect = source.zero_is_suspect || raw.zero_is_suspect;
        readings.batteries[i] = judge_temperature(polled_temperature(raw.sample, source.polled, snapshot, policy), source,
                                                  suspect, false, snapshot.now, state.batteries[i]);
    }
}

}  // namespace volt
