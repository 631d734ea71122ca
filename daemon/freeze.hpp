// Freezes everything that has come into one SiteSnapshot: the process image of the tick.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/mailbox.hpp"
#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

/// Names of the sources whose values are added, as in `power_sources`.
struct PowerSources {
    std::vector<std::string> pv, load, grid;
    /// Inverters in parallel: each sees its own share of the battery's power and current. Empty: there are none.
    std::vector<std::string> battery = {};
    bool operator==(const PowerSources&) const = default;
};

using Slots = std::map<std::string, Mailbox::Slot>;
using SensorSamples = std::map<std::string, Sample<Celsius>>;  ///< by sensor id

/// Fills voltages, power, battery values and temperatures of `snapshot`, aligned with `policy`.
/// A sum is "no data" while one of its parts is, and as old as the oldest of them.
void freeze_readings(const Slots& slots, const SensorSamples& sensors, const PowerSources& sources,
                     const Policy& policy, SiteSnapshot& snapshot);

}  // namespace volt
