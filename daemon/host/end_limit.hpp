// The end of the process has a bound, whatever of it hangs: a card that does not answer, a library, a client.
#pragma once

#include "rules/time.hpp"

namespace volt {

/// From now on the process has so long to end; then it ends at once, with `exit_cut_short` and a word on stderr. Only the thread
/// that calls it is interrupted, so that no thread has to be had for it.
void begin_end_limit(Duration limit);
/// It has ended in time.
void end_end_limit();

inline constexpr int exit_cut_short = 1;

}  // namespace volt
