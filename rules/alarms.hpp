// Judges the alarms of a tick, and the holds behind them.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Judges the meters of loads (not drawing, stuck on, over nominal) and finds runs on the battery before `critical`.
void watch_loads(Tick& tick);

/// Replaces `alarms` with all active ones, sorted by code and subject, each with its start time.
void judge_alarms(Tick& tick, std::vector<Alarm>& alarms);

}  // namespace volt
