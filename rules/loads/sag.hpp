// Voltage drop of a start: computed from the bank's resistance, or learned from the load's own starts.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Returns the predicted drop in mV, rounded up: the learned one while it is fresh, else the one computed at `voltage`.
std::int64_t predicted_sag_mv(const Observed& tick, const LoadTick& load, const LoadMemory& memory, Volts voltage);
/// Returns true while the learned value is used.
bool sag_is_learned(const LoadMemory& memory, Time now);
/// Begins a sample at a start.
void begin_sag_sample(Planned& tick, std::size_t load);
/// Completes samples of loads that have begun to draw, and drops disturbed samples.
void learn_sag(Planned& tick);

}  // namespace volt
