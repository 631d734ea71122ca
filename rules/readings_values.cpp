// Power, battery current, BMS limit, weather and temperatures.
#include <algorithm>
#include <cstddef>

#include "rules/readings_parts.hpp"

namespace volt {

namespace {

constexpr Watts most_power = 100000_W;
constexpr Amps most_current{285714};  // 100 kW at the lowest voltage in range
constexpr Celsius coldest = -500_dK, hottest = 1000_dK;
constexpr Celsius telling_step = 50_dK;  // counts from a second sample only
constexpr Celsius agreement = 20_dK;
constexpr Duration bms_stale = 30s;

template <class T>
std::optional<T> fresh(const Sample<T>& sample, Time now, Duration limit) {
    if (!sample.heard || now - sample.taken > limit) return std::nullopt;
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

/// What the BMS lets out, in watts rounded down; nothing where it says nothing or no voltage was ever known.
std::optional<Watts> bms_limit(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings) {
    const Duration limit = age_limit(bms_stale, slowest_poll(policy));
    const std::optional<Amps> amps = fresh(snapshot.bms_discharge_limit, snapshot.now, limit);
    if (!amps) return std::nullopt;
    if (amps->steps <= 0) return 0_W;
    const std::optional<Volts> volts = readings.for_starts ? readings.for_starts : readings.last_voltage;
    if (!volts) return std::nullopt;
    return Watts{std::min(amps->steps, most_current.steps) * volts->steps / 10000};
}

void accept(Celsius value, Time taken, bool filtered, TemperatureMemory& m) {
    const bool near = !m.good || abs(value - *m.good) <= telling_step;
    const bool confirmed = m.pending && abs(value - *m.pending) <= agreement;
    if (filtered && !near && !confirmed) {
        m.pending = value;
        return;
    }
    m.good = value;
    m.good_at = taken;
    m.pending.reset();
}

/// The word of the sensor, or nothing where it says nothing that can be: out of range, or the 0.0 of a missing sensor.
std::optional<Celsius> word_of(const Sample<Celsius>& sample, bool zero_is_suspect, const TemperatureMemory& m) {
    const std::optional<Celsius> word = sample.heard ? within(sample.value, coldest, hottest) : std::nullopt;
    const bool ever_moved = m.moved || (m.good && m.good->steps != 0);
    if (word && word->steps == 0 && zero_is_suspect && !ever_moved) return std::nullopt;
    return word;
}

/// `filtered`: a step of more than 5 K counts from a second sample only.
std::optional<Celsius> judge_temperature(const Sample<Celsius>& sample, const TemperatureSource& source,
                                         bool zero_is_suspect, bool filtered, Time now, TemperatureMemory& m) {
    const std::optional<Celsius> word = word_of(sample, zero_is_suspect, m);
    if (sample.heard && (!m.seen_at || sample.taken > *m.seen_at)) {
        m.seen_at = sample.taken;
        if (word && word->steps != 0) m.moved = true;
        if (word) accept(*word, sample.taken, filtered, m);
    }
    // Never heard since the start: what was stored serves with its own age. "No data" is missing at once.
    if (sample.heard && !word) return std::nullopt;
    if (!m.good || now - m.good_at > source.stale_after) return std::nullopt;
    return m.good;
}

}  // namespace

void judge_values(const SiteSnapshot& snapshot, const Policy& policy, Readings& readings) {
    const Time now = snapshot.now;
    const Duration limit = age_limit(policy.control.power_stale, policy.power_poll);
    readings.pv = within(fresh(snapshot.pv, now, limit), -most_power, most_power);
    readings.load = within(fresh(snapshot.load, now, limit), 0_W, most_power);
    readings.grid = within(fresh(snapshot.grid, now, limit), -most_power, most_power);
    readings.battery_power = within(fresh(snapshot.battery_power, now, limit), -most_power, most_power);
    readings.battery_current = within(fresh(snapshot.battery_current, now, limit), -most_current, most_current);
    readings.pv_taken = snapshot.pv.taken;
    readings.load_taken = snapshot.load.taken;
    readings.bms_limit = bms_limit(snapshot, policy, readings);
    readings.sunny = fresh(snapshot.sunny, now, policy.weather_stale);
}

void judge_temperatures(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings) {
    readings.sensors.resize(policy.sensors.size());
    for (std::size_t i = 0; i < policy.sensors.size(); ++i) {
        const TemperatureSource& source = policy.sensors[i];
        readings.sensors[i] = judge_temperature(snapshot.temperatures[i], source, source.zero_is_suspect, true,
                                                snapshot.now, state.sensors[i]);
    }
    readings.batteries.resize(policy.battery_temperatures.size());
    for (std::size_t i = 0; i < policy.battery_temperatures.size(); ++i) {
        const TemperatureSource& source = policy.battery_temperatures[i];
        const BatteryTemperature& raw = snapshot.battery_temperatures[i];
        const bool suspect = source.zero_is_suspect || raw.zero_is_suspect;
        readings.batteries[i] = judge_temperature(raw.sample, source, suspect, false, snapshot.now, state.batteries[i]);
    }
}

}  // namespace volt
