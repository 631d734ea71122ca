// Allowance and headroom: what the battery may supply to a load, and what remains after the loads before it.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Watts of the battery for one load by site mode and profile, bounded by the BMS; `running`: it keeps the share it has.
Watts allowance(const Planned& tick, const LoadTick& load, bool running);

/// The profile has a share of the allowance in this mode of the site: it may run on the battery.
bool may_use_battery(const Miner& miner, SiteMode mode);

/// The full share of the site's mode, without its voltage.
Watts full_allowance(const Planned& tick);

/// Without known power a load goes by voltage alone, but not where a source that cannot be believed is the cause and nothing of
/// the battery is the load's: its headroom is then 0.
bool denied_in_doubt(const Planned& tick, const LoadTick& load, bool running);

/// Power reserved by a claim that this load may not use.
Watts kept_room(const Planned& tick, Index load);

/// For the stops: the room of all loads in the previous tick's order, in which the running ones were started.
void judge_room_to_run(Stopped& tick);
/// For the starts: the room of all loads in this tick's order.
void judge_room_to_start(Stopped& tick);

}  // namespace volt
