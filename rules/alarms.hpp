// Alarms of a tick, and the holds behind them.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Judges the meters of loads: not drawing, stuck on, over nominal; and runs on the battery before `critical`.
void watch_loads(Tick& tick);

/// Fills `alarms` anew with all active ones, by code and subject, each with its start time.
void judge_alarms(Tick& tick, std::vector<Alarm>& alarms);

}  // namespace volt
