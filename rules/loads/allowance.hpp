// Allowance and headroom: what the battery may supply to a load, and what remains after the loads before it.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Watts of the battery for one load by site mode and profile, bounded by the BMS; `running`: it keeps what it has.
Watts allowance(const Planned& tick, const LoadTick& load, bool running);

/// The profile has a share of the allowance in this mode of the site: it may run on the battery.
bool may_use_battery(const Miner& miner, SiteMode mode);

/// The full share of the site's mode, without its voltage.
Watts full_allowance(const Planned& tick);

/// Room kept for the load of a claim, as this one sees it.
Watts kept_room(const Planned& tick, Index load);

/// The room of all loads by the order of the tick before, by which the running ones were started: for the stops.
void judge_room_to_run(Stopped& tick);
/// The room of all loads by the order of this tick: for the starts.
void judge_room_to_start(Stopped& tick);

}  // namespace volt
