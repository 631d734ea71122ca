// Starts: every load at its gates, at most one let through.
#pragma once

#include "rules/gates.hpp"

namespace volt {

/// Judges the gates of all loads in order, starts the first that passes, and adopts what was switched on by hand.
void judge_starts(Tick& tick);

/// Judges one load again after it was stopped late in the tick.
void judge_again(Tick& tick, std::size_t load);

}  // namespace volt
