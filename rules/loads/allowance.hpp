// Allowance and headroom: what the battery may supply to a load, and what remains after the loads before it.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Watts of the battery for one load by site mode and profile, bounded by the BMS; `running`: it keeps what it has.
Watts allowance(const Tick& tick, const LoadTick& load, bool running);

/// The profile has a share of the allowance in this mode of the site: it may run on the battery.
bool may_use_battery(const Miner& miner, SiteMode mode);

/// The full share of the site's mode, without its voltage.
Watts full_allowance(const Tick& tick);

/// Room kept for the load of a claim, as this one sees it.
Watts kept_room(const Tick& tick, Index load);

/// Fills headroom, headroom_alone and excess of all loads by `order`: for running ones what they have, for others
/// what a start would have. One pass forward and one back.
void judge_headroom(Tick& tick, const std::vector<Index>& order);

}  // namespace volt
