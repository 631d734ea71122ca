// Preemption: stops loads of larger priority_level for one that lacks only power.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Drops reserved power that has expired or was used.
void follow_claim(Planned& tick);

/// Stops loads to free power for the first waiting load of higher priority, and reserves that power.
void judge_preemption(Started& tick);

}  // namespace volt
