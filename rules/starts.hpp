// Starts: every load at its gates, at most one let through.
#pragma once

#include "rules/gates.hpp"

namespace volt {

/// Judges the gates of all loads in order, starts the first that passes, and adopts what was switched on by hand.
void judge_starts(Tick& tick);

/// Judges the gates of the loads that wait, and starts none: who waits for what, before anything is stopped for it.
void judge_waiting(Tick& tick);

}  // namespace volt
