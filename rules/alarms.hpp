// Alarms of a tick, and the holds behind them.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Judges the meters of loads: not drawing, stuck on, over nominal; and runs on the battery before `critical`.
void watch_loads(Tick& tick);

/// All active alarms, by code and subject, each with its start time.
std::vector<Alarm> judge_alarms(Tick& tick);

}  // namespace volt
