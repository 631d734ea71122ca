// What outputs report, turned into what loads are: adoption at start, confirmations, foreign hands.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Judges each load by its output. What was switched on by someone else is decided with the starts.
void follow_outputs(Tick& tick);

/// An override of an hour that takes over what somebody did by hand.
void adopt_by_hand(LoadMemory& memory, OverrideKind kind, Time now);

}  // namespace volt
