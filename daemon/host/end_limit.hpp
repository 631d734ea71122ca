// The end of the process has a bound, even if a card, a library or a client hangs.
#pragma once

#include "rules/time.hpp"

namespace volt {

/// From now on the process has this long to end; then it ends at once, with `exit_cut_short` and a line on stderr. A timer interrupts
/// the calling thread, so no thread has to be started for it.
void begin_end_limit(Duration limit);
/// It has ended in time.
void end_end_limit();

inline constexpr int exit_cut_short = 1;

}  // namespace volt
