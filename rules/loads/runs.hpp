// Runs of a load: records starts and stops for rest, starts per hour and runtime.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Records that a load should be on from now. `ours` is true for a start by voltd, which counts; false if the load was found on
/// or switched on externally.
void begin_run(Observed& tick, std::size_t load, Reason reason, bool ours);

/// Records the end of a run. The rest begins with the confirmed OFF.
void end_run(Observed& tick, std::size_t load, Reason reason);

/// Returns the rest after the runs so far: `min_off_s`, or longer after short runs that ended badly. It is not longer while sun
/// would be wasted, unless the last run ended by voltage.
Duration rest_of(const LoadTick& load, const LoadMemory& memory, bool sun_is_thrown_away);

/// Adds the time since the previous tick to the day's runtime, and starts a new day.
void count_runtime(Observed& tick);

}  // namespace volt
