// Turns reports of outputs into states of loads: adoption at start, confirmations, external switching.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Judges each load by its output. judge_starts() decides on a load that someone else switched on.
void follow_outputs(Observed& tick);

/// Sets an override of one hour that adopts an external switch.
void adopt_external(LoadMemory& memory, OverrideKind kind, Time now);

}  // namespace volt
