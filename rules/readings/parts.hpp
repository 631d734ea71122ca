// The parts of judge_readings(), one source file each. For readings*.cpp only.
#pragma once

#include "rules/readings/readings.hpp"

namespace volt {

/// What became of one voltage source in this tick.
struct SourceTurn {
    bool fresh = false;      ///< a sample in range that no earlier tick has seen
    bool accepted = false;   ///< a sample counted that no earlier tick has seen
    bool spread = false;     ///< it came later after the one before than the age limit
    bool moved = false;      ///< the value that counts moved by a step of its register
    bool restarted = false;  ///< it moved, or came back after a silence: the clocks for frozen values begin again
    Quality quality = Quality::missing;
};
using SourceTurns = std::vector<SourceTurn>;  ///< aligned with Policy::voltage_sources

/// Age limit of one voltage source.
Duration voltage_limit(const Policy& policy, std::size_t source);

/// Makes the state fit the policy; what belongs to another source or sensor than before starts fresh.
void align_readings(const Policy& policy, ReadingsState& state);

/// Takes the newest samples of all voltage sources through range and spike filter.
SourceTurns take_voltages(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state);

/// Looks for frozen values and units and moves their memories on.
void watch_frozen(const SiteSnapshot& snapshot, const Policy& policy, bool load_on, SourceTurns& turns, ReadingsState& state);

/// Judges the quality of all voltage sources; after watch_frozen().
void judge_quality(const SiteSnapshot& snapshot, const Policy& policy, SourceTurns& turns, ReadingsState& state);

/// Chooses the serving source and fills everything about the voltage but the cross-check.
void serve_voltage(const SiteSnapshot& snapshot, const Policy& policy, const SourceTurns& turns, ReadingsState& state,
                   Readings& readings);

/// Holds the serving source against another device; after serve_voltage().
void cross_check(const Policy& policy, const SourceTurns& turns, Time now, ReadingsState& state, Readings& readings);

/// Holds power against voltage and current of the same answer.
void watch_power(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings);

/// Power, battery current, BMS limit and weather; after serve_voltage().
void judge_values(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings);

/// Temperatures of zones and battery.
void judge_temperatures(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings);

}  // namespace volt
