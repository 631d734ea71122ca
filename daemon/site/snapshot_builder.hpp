// Collects all received values into one SiteSnapshot, the process image of the tick.
#pragma once

#include <map>
#include <string>

#include "daemon/site/mailbox.hpp"
#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

using LatestReadings = std::map<std::string, Mailbox::LatestReading>;
using SensorSamples = std::map<std::string, Sample<Celsius>>;  ///< by sensor id

/// Fills voltages, polled answers and temperatures of `snapshot` as received, aligned with `policy`.
void fill_readings(const LatestReadings& sources, const SensorSamples& sensors, const Policy& policy, SiteSnapshot& snapshot);

}  // namespace volt
