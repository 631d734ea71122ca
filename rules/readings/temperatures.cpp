// Judges temperatures of zones and battery: range, age, steps, missing sensors, and battery temperatures that leap or do not
// move.
#include <algorithm>
#include <cstddef>

#include "rules/hold.hpp"
#include "rules/limits.hpp"
#include "rules/readings/parts.hpp"
#include "rules/readings/site_power.hpp"

namespace volt {

namespace {

constexpr Celsius spike_step = 50_dK;  // a larger step counts from the second sample
constexpr Celsius agreement = 20_dK;
constexpr Celsius leap_to_zero = 20_dK;   // a bank does not fall this far between two samples
constexpr Duration longest_zero = 600s;   // a real bank does not keep the same tenth of a degree this long
constexpr Celsius fastest_rise = 100_dK;  // rise of a bank within 60 s
constexpr Duration rise_window = 60s;
constexpr Duration rise_time = 6min;  // silence that allows 1 K more
constexpr Celsius rise_step = 10_dK;
constexpr Duration fall_memory = 10min;  // a value that returns this soon is not a leap
constexpr Celsius near_step = 50_dK;     // another temperature within this agrees
constexpr Duration agrees_for = 10min;
constexpr Celsius hottest_bank = 600_dK;
constexpr Celsius telling_drift = 50_dK, largest_step = 20_dK;  // drift of another battery temperature

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

/// Returns the sensor's value, or nullopt if it is out of range or the 0.0 of a missing sensor.
std::optional<Celsius> usable_value(const Sample<Celsius>& sample, bool zero_is_suspect, const TemperatureMemory& m) {
    const std::optional<Celsius> value = sample.received ? within(sample.value, limits::coldest, limits::hottest) : std::nullopt;
    const bool ever_moved = m.moved || (m.good && m.good->steps != 0);
    if (value && value->steps == 0 && zero_is_suspect && !ever_moved) return std::nullopt;
    return value;
}

/// Detects a lost sensor: a 0.0 after a jump, or one that does not change, until another value comes.
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

/// Judges a temperature. `filtered`: a step of more than 5 K counts from the second sample.
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
    // Without a report since the start, use the stored value with its own age. "No data" counts as missing at once.
    if (sample.received && !value) return std::nullopt;
    if (!m.good || now - m.good_at > source.stale_after) return std::nullopt;
    return m.good;
}

/// Returns the allowed rise over the last value. It is larger after a silence, since a bank may warm up meanwhile.
Celsius allowed_rise(Time taken, const TemperatureMemory& m) {
    if (!m.in_range || taken - *m.in_range <= rise_window) return fastest_rise;
    const std::int64_t more = (taken - *m.in_range) / rise_time;
    return fastest_rise + Celsius{std::min<std::int64_t>(more, 1000) * rise_step.steps};
}

/// Returns the base for a rise: the lowest value of the last 60 s, else the last one.
Celsius base_of(Time taken, const TemperatureMemory& m) {
    for (const TakenTemperature& low : m.leap.low)
        if (taken - low.taken <= rise_window) return low.value;  // the first one is the lowest
    return *m.good;
}

bool came_back(Celsius value, Time taken, const Leap& leap) {
    return leap.fallen && taken - leap.fallen->taken <= fall_memory && abs(value - leap.fallen->value) <= fastest_rise;
}

/// Finds a leap, and its end by a value near the one before it.
void watch_leap(Celsius value, Time taken, TemperatureMemory& m) {
    Leap& leap = m.leap;
    if (leap.from && abs(value - *leap.from) <= fastest_rise) {
        leap.from.reset();
        leap.near.reset();
    }
    if (leap.from || !m.good || came_back(value, taken, leap)) return;
    const Celsius base = base_of(taken, m);
    if (value - base > allowed_rise(taken, m)) leap.from = base;
}

/// Remembers a usable value, and the one before a fall.
void remember(Celsius value, Time taken, TemperatureMemory& m) {
    Leap& leap = m.leap;
    if (m.good && *m.good - value > fastest_rise) leap.fallen = {*m.good, taken};
    std::erase_if(leap.low, [&](const TakenTemperature& t) { return t.value >= value || taken - t.taken > rise_window; });
    leap.low.push_back({value, taken});
}

/// Takes a new battery temperature in range.
void take_battery(Celsius value, Time taken, TemperatureMemory& m) {
    if (m.raw != value) {
        m.moved_at = taken;
        m.stands = false;
    }
    m.raw = value;
    watch_leap(value, taken, m);
    m.in_range = taken;
    if (value > hottest_bank) m.hot = true;
    else if (!m.leap.from) remember(value, taken, m);
}

/// Accepts a leaped value after a person checked it.
void accept_leap(TemperatureMemory& m) {
    if (!m.leap.from || !m.raw || !m.in_range || *m.raw > hottest_bank) return;
    m.leap = {};
    m.good = m.raw;
    m.good_at = *m.in_range;
    m.leap.low.push_back({*m.raw, *m.in_range});
}

/// Judges a battery temperature without comparing it with others. After a leap the last good value is not used, but remembered.
std::optional<Celsius> judge_battery(const Sample<Celsius>& sample, const TemperatureSource& source, bool suspect, Time now,
                                     TemperatureMemory& m) {
    const bool fresh = sample.received && (!m.seen_at || sample.taken > *m.seen_at);
    if (!fresh && (m.leap.from || m.hot)) return std::nullopt;
    if (!fresh) return judge_temperature(sample, source, suspect, false, now, m);
    if (const auto raw = within(sample.value, limits::coldest, limits::hottest); raw && !(raw->steps == 0 && suspect)) {
        take_battery(*raw, sample.taken, m);
        if (m.leap.from || *raw > hottest_bank) {
            m.seen_at = sample.taken;
            return std::nullopt;
        }
    }
    return judge_temperature(sample, source, suspect, false, now, m);
}

/// Tracks the movement of `by` since `of` last moved.
void follow_drift(const TemperatureMemory& of, const std::optional<Celsius>& usable, Drift& drift) {
    if (of.moved_at != drift.since) drift = {{}, {}, of.moved_at};
    if (!usable) return;
    if (drift.last && abs(*usable - *drift.last) <= largest_step) drift.moved += *usable - *drift.last;
    drift.last = usable;
}

void watch_drifts(ReadingsState& state, const Readings& readings) {
    const std::size_t count = state.batteries.size();
    for (std::size_t of = 0; of < count; ++of)
        for (std::size_t by = 0; by < count; ++by) {
            if (of == by) continue;
            Drift& drift = state.drifts[of * count + by];
            follow_drift(state.batteries[of], readings.batteries[by], drift);
            if (abs(drift.moved) > telling_drift && readings.batteries[of]) state.batteries[of].stands = true;
        }
}

/// Returns true if another battery temperature, or that of a zone that guards charging, agrees with a leaped one.
bool agrees(const Policy& policy, const Readings& readings, std::size_t self, Celsius value) {
    for (std::size_t i = 0; i < readings.batteries.size(); ++i)
        if (i != self && readings.batteries[i] && abs(*readings.batteries[i] - value) <= near_step) return true;
    return std::any_of(policy.zones.begin(), policy.zones.end(), [&](const Zone& zone) {
        if (!zone.enabled || !zone.block_charging_enabled || zone.sensor == no_index) return false;
        const std::optional<Celsius>& t = readings.sensors[static_cast<std::size_t>(zone.sensor)];
        return t && abs(*t - value) <= near_step;
    });
}

/// Returns a leaped value while another sensor has agreed with it for 10 min.
std::optional<Celsius> leaped_value(const Policy& policy, const Readings& readings, std::size_t self, Time now,
                                    TemperatureMemory& m) {
    const bool there = m.raw && m.in_range && now - *m.in_range <= policy.battery_temperatures[self].stale_after;
    m.leap.near.see(there && *m.raw <= hottest_bank && agrees(policy, readings, self, *m.raw), now);
    return m.leap.near.over(now, agrees_for) ? m.raw : std::nullopt;
}

void doubt(TemperatureDoubt why, std::size_t self, Readings& readings) {
    readings.doubts.resize(readings.batteries.size());
    readings.doubts[self] = why;
    readings.batteries[self].reset();
}

void judge_batteries(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings) {
    const std::size_t count = policy.battery_temperatures.size();
    readings.batteries.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const TemperatureSource& source = policy.battery_temperatures[i];
        const BatteryTemperature& raw = snapshot.battery_temperatures[i];
        const bool suspect = source.zero_is_suspect || raw.zero_is_suspect;
        if (static_cast<Index>(i) == snapshot.accepted_temperature) accept_leap(state.batteries[i]);
        readings.batteries[i] = judge_battery(polled_temperature(raw.sample, source.polled, snapshot, policy), source, suspect,
                                              snapshot.now, state.batteries[i]);
    }
    watch_drifts(state, readings);
    for (std::size_t i = 0; i < count; ++i)
        if (state.batteries[i].stands && readings.batteries[i]) doubt(TemperatureDoubt::stands, i, readings);
    for (std::size_t i = 0; i < count; ++i) {
        TemperatureMemory& m = state.batteries[i];
        std::optional<Celsius> worth = readings.batteries[i];
        if (m.leap.from) {
            worth = leaped_value(policy, readings, i, snapshot.now, m);
            if (!worth) doubt(TemperatureDoubt::leaped, i, readings);
            readings.batteries[i] = worth;
        }
        if (worth) m.hot = false;
        else if (m.hot) doubt(TemperatureDoubt::hot, i, readings);
    }
    if (readings.doubts.empty()) return;
    for (const TemperatureMemory& m : state.batteries) readings.raw_batteries.push_back(m.raw);
}

}  // namespace

void judge_temperatures(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings) {
    readings.sensors.resize(policy.sensors.size());
    for (std::size_t i = 0; i < policy.sensors.size(); ++i) {
        const TemperatureSource& source = policy.sensors[i];
        readings.sensors[i] = judge_temperature(polled_temperature(snapshot.temperatures[i], source.polled, snapshot, policy),
                                                source, source.zero_is_suspect, true, snapshot.now, state.sensors[i]);
    }
    judge_batteries(snapshot, policy, state, readings);
}

}  // namespace volt
