// Preemption: loads of larger priority_level make room for one that lacks nothing but power.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Lets go of kept room that is over or used.
void follow_claim(Tick& tick);

/// Stops the loads whose stop makes room for the first that has waited for it, and keeps that room.
void judge_preemption(Tick& tick);

}  // namespace volt
