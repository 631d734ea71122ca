// Allowance and headroom: the power that the battery may supply to a load, and the remainder after the loads before it.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Returns the battery power allowed for one load by site mode and profile, bounded by the BMS. A `running` load keeps its share.
Watts allowance(const Planned& tick, const LoadTick& load, bool running);

/// Returns true if the profile has a share of the allowance in this site mode, so the load may run on the battery.
bool may_use_battery(const Miner& miner, SiteMode mode);

/// Returns the full share of the site's mode, regardless of voltage.
Watts full_allowance(const Planned& tick);

/// Returns true if doubtful readings deny power to a load. Without known power a load is judged by voltage alone. If the cause is
/// an implausible source and the load has no share of the battery, its headroom is 0 instead.
bool denied_in_doubt(const Planned& tick, const LoadTick& load, bool running);

/// Returns power reserved by a claim that this load may not use.
Watts kept_room(const Planned& tick, Index load);

/// Computes the room of all loads for the stops, in the order of the previous tick, in which the running loads were started.
void judge_room_to_run(Stopped& tick);
/// Computes the room of all loads for the starts, in the order of this tick.
void judge_room_to_start(Stopped& tick);

}  // namespace volt
