// SitePower: power and current of the whole site, made of the raw answers of its polled sources.
#pragma once

#include <optional>

#include "rules/policy.hpp"
#include "rules/readings/readings.hpp"
#include "rules/snapshot.hpp"

namespace volt {

/// Ages and ranges are not judged yet.
struct SitePower {
    Sample<Watts> battery_power;
    Sample<Amps> battery_current;
    Index battery_power_source = no_index;    ///< whose answer it is, into Policy::voltage_sources; no_index: unknown
    Index battery_current_source = no_index;  ///< likewise
    Sample<Watts> pv, load, grid;             ///< sums; "no data" while any part is, and as old as the oldest part
    Sample<Amps> bms_discharge_limit;         ///< only while the BMS publishes limits; 0 forbids discharge
};

/// The age limit of the site's power and of the battery current.
inline Duration power_limit(const Policy& policy) { return age_limit(policy.control.power_stale, policy.power_poll); }

/// From the snapshot's polled answers; without any, from the snapshot's own site values. `readings` has the units to
/// distrust.
SitePower site_power(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings = {});

/// Returns true if the powers and current of this source do not count: it is frozen, or its power is not its voltage times its
/// current.
bool is_suspect(Index source, const Readings& readings);
/// The same of a polled unit.
bool unit_is_suspect(Index unit, const Policy& policy, const Readings& readings);
/// When the answers of this polled unit last moved, if they are a logger's copy: then they are as old as that.
std::optional<Time> copied_at(Index unit, const Policy& policy, const Readings& readings);

/// A temperature of the polled source `polled`: "no data" if its answer is nonsense.
Sample<Celsius> polled_temperature(Sample<Celsius> sample, Index polled, const SiteSnapshot& snapshot, const Policy& policy);

}  // namespace volt
