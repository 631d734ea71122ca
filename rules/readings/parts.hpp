// Parts of judge_readings(), one source file each. For readings*.cpp only.
#pragma once

#include <optional>

#include "rules/readings/readings.hpp"

namespace volt {

/// Returns the age limit of one voltage source.
Duration voltage_limit(const Policy& policy, std::size_t source);

/// Returns the time since the previous tick.
Duration elapsed_since(const ReadingsState& state, Time now);

/// Returns the value of a voltage source: the accepted one, or the lower of its last two samples while it is restless. The source
/// must have a value.
Volts worth_of(const VoltageMemory& m);
/// Returns the measurement time of worth_of().
Time worth_at(const VoltageMemory& m);

/// Aligns the state with the policy. An entry whose source or sensor changed starts fresh.
void align_readings(const Policy& policy, ReadingsState& state);

/// Runs the newest samples of all voltage sources through the range and spike filters.
void take_voltages(const SiteSnapshot& snapshot, const Policy& policy, SourceTurns& turns, ReadingsState& state);

/// Finds sources whose voltage jumps. Call after take_voltages().
void watch_restless(const Policy& policy, Time now, Duration elapsed, ReadingsState& state);

/// Finds frozen values and units, and updates their memories.
void watch_frozen(const SiteSnapshot& snapshot, const Policy& policy, bool load_on, SourceTurns& turns, ReadingsState& state);

/// Finds units that answer with a logger's copy.
void watch_copies(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings);

/// Judges the quality of all voltage sources. Call after watch_frozen().
void judge_quality(const SiteSnapshot& snapshot, const Policy& policy, SourceTurns& turns, ReadingsState& state);

/// Chooses the source in use and fills all voltage fields except the cross-check. Call after judge_quality().
void serve_voltage(const SiteSnapshot& snapshot, const Policy& policy, const SourceTurns& turns, ReadingsState& state,
                   Readings& readings);

/// Compares the source in use with another device. Call after serve_voltage().
void cross_check(const Policy& policy, const SourceTurns& turns, Time now, ReadingsState& state, Readings& readings);

/// Compares power with voltage times current of the same answer.
void watch_power(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings);

/// Returns the value, or empty if it is out of range.
template <class T>
std::optional<T> within(std::optional<T> value, T lowest, T highest) {
    return value && *value >= lowest && *value <= highest ? value : std::nullopt;
}

/// Judges power, battery current, BMS limit and weather. Call after serve_voltage().
void judge_values(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings);

/// Judges the temperatures of zones and battery.
void judge_temperatures(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings);

}  // namespace volt
