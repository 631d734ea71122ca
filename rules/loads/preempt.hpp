// Preemption: loads of larger priority_level make room for one that lacks nothing but power.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Lets go of kept room that is over or used.
void follow_claim(Planned& tick);

/// Stops loads to free power for the first waiting load of higher priority, and reserves that power.
void judge_preemption(Started& tick);

}  // namespace volt
