// Turns reports of outputs into states of loads: adoption at start, confirmations, external switching.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Judges each load by its output. What was switched on by someone else is decided with the starts.
void follow_outputs(Observed& tick);

/// An override of one hour that adopts an external switch.
void adopt_by_hand(LoadMemory& memory, OverrideKind kind, Time now);

}  // namespace volt
