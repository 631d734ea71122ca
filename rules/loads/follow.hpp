// Turns reports of outputs into states of loads: adoption at start, confirmations, external switching.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Judges each load by its output. A load that someone else switched on is decided with the starts.
void follow_outputs(Observed& tick);

/// An override of one hour that adopts an external switch.
void adopt_external(LoadMemory& memory, OverrideKind kind, Time now);

}  // namespace volt
