// Time limit for the exit of the process, even if a card, a library or a client hangs.
#pragma once

#include "rules/time.hpp"

namespace volt {

/// Gives the process this long to exit. After that it exits at once, with `exit_cut_short` and a line on stderr. A timer
/// interrupts the calling thread, so it needs no other thread.
void begin_end_limit(Duration limit);
/// Cancels the limit: the process has ended in time.
void end_end_limit();

inline constexpr int exit_cut_short = 1;

}  // namespace volt
