// Stops loads.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Stops every load that has a reason to stop, in the order of the previous tick.
void judge_stops(Stopped& tick);

/// Returns true if no load may stop for sun, excess or power: PV carries the house, or a start on held-back PV was just made.
bool spared(const Planned& tick);

/// Returns the reason that stops a load without a hold or a reading: mode, stage, trip, blind, override, disabled. Empty if none
/// does.
std::optional<Reason> immediate_stop(const Judged& tick, std::size_t load);

/// Ends the run of a load and orders its output off.
void stop(Observed& tick, std::size_t load, Reason reason);

/// Returns true while `min_on_s` runs, counted from the confirmation of ON.
bool in_min_on(const Observed& tick, std::size_t load);

}  // namespace volt
