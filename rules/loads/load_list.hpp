// Miners and heaters in one list, and their order of service.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Fills `tick.loads` from the policy and maps outputs to the loads that own them.
void list_loads(Observed& tick);

/// Returns true inside [start, end) of the local day. The window spans midnight if end < start, and always matches if they are
/// equal.
bool in_window(const Miner& miner, std::int32_t second_of_day);

/// Sorts the loads for this tick: priority level, inside its window, fewer starts today, slug; heaters last.
void sort_loads(Planned& tick);

/// Applies the snapshot's requests for miners and heaters, ends expired overrides, and follows the proof of a timer.
void take_overrides(Observed& tick);

}  // namespace volt
