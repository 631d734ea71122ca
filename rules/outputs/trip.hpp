// A device's own protection: overpower, overtemperature and the like. It is no person, and voltd does not fight it.
#pragma once

#include "rules/memory/output_memory.hpp"
#include "rules/snapshot.hpp"

namespace volt {

/// The device's protection spoke within a minute before or after `when`.
bool protection_near(const OutputReport& report, Time when);

/// Its protection opened an output that should be on: no start for ten minutes, doubled with each trip in a day up to two hours.
void trip(OutputMemory& m, const OutputReport& report, Time now);

/// Returns true if the device's word comes after a change that it explains: what was taken for a person's is taken back. Call it
/// once per tick, before the report is judged.
bool explains_last_change(OutputMemory& m, const OutputReport& report, Time now);

}  // namespace volt
