// What stops a load.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Stops every load that has a reason to stop, judged in the order of the tick before.
void judge_stops(Stopped& tick);

/// No load stops on sun, excess and power: PV carries the house, or a start on held-back PV was just made.
bool spared(const Planned& tick);

/// Reasons without a hold that need no reading of this load: mode, stage, trip, blind, override, disabled.
std::optional<Reason> immediate_stop(const Judged& tick, std::size_t load);

/// Ends the run of a load and orders its output off.
void stop(Observed& tick, std::size_t load, Reason reason);

/// True while `min_on_s` runs, counted from the confirmation of ON.
bool in_min_on(const Observed& tick, std::size_t load);

}  // namespace volt
