// Own protection of a device: overpower, overtemperature and the like. voltd does not mistake it for a person and does not fight
// it.
#pragma once

#include "rules/memory/output_memory.hpp"
#include "rules/snapshot.hpp"

namespace volt {

/// Returns true if the device reported its protection within 60 s of `when`, before or after.
bool protection_near(const OutputReport& report, Time when);

/// Returns true if the device reported that its own timer switched it off as it is now.
bool is_off_by_timer(const OutputReport& report);
/// Returns true for an ON within 60 s of such an OFF.
bool follows_timer_off(const OutputReport& report);

/// Records a trip and blocks starts: for 10 min, doubled with each trip within 24 h, at most 2 h.
void trip(OutputMemory& m, const OutputReport& report, Time now);

/// Returns true if a new report of the protection or of its timer explains the last change, which then was not a person's. Call it
/// once per tick, before the output's state is evaluated.
bool explains_last_change(OutputMemory& m, const OutputReport& report, Time now);

}  // namespace volt
