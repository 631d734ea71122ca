// Starts: judges the gates of every load, and starts at most one.
#pragma once

#include "rules/loads/gates.hpp"

namespace volt {

/// Judges the gates of all loads in order, starts the first that passes, and adopts loads switched on externally.
void judge_starts(Started& tick);

/// Judges the gates of waiting loads without starting any. Shows what each waits for before another load is stopped.
void judge_waiting(Started& tick);

}  // namespace volt
