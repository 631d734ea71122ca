// The voltage drop of a start: computed from the bank's resistance, learned from its own starts.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Predicted drop in mV, rounded up: the learned one while it is fresh, else the computed one at `at`.
std::int64_t predicted_sag_mv(const Observed& tick, const LoadTick& load, const LoadMemory& memory, Volts voltage);
/// True while the learned value is used.
bool sag_is_learned(const LoadMemory& memory, Time now);
/// Begins a sample at a start.
void begin_sag_sample(Planned& tick, std::size_t load);
/// Completes samples whose load has begun to draw, and drops disturbed ones.
void learn_sag(Planned& tick);

}  // namespace volt
