// Freezes everything that has come into one SiteSnapshot: the process image of the tick.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/config/power_sources.hpp"
#include "daemon/site/mailbox.hpp"
#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

using LatestReadings = std::map<std::string, Mailbox::LatestReading>;
using SensorSamples = std::map<std::string, Sample<Celsius>>;  ///< by sensor id

/// Fills voltages, power, battery values and temperatures of `snapshot`, aligned with `policy`.
/// A sum is "no data" while one of its parts is, and as old as the oldest of them.
void freeze_readings(const LatestReadings& slots, const SensorSamples& sensors, const PowerSources& sources, const Policy& policy,
                     SiteSnapshot& snapshot);

}  // namespace volt
