// SitePower: power and current of the whole site, computed from the raw answers of its polled sources.
#pragma once

#include <optional>

#include "rules/policy.hpp"
#include "rules/readings/readings.hpp"
#include "rules/snapshot.hpp"

namespace volt {

/// Power and current of the site. Ages and ranges are not judged yet.
struct SitePower {
    Sample<Watts> battery_power;
    Sample<Amps> battery_current;
    Index battery_power_source = no_index;    ///< source of the answer, into Policy::voltage_sources, or no_index if unknown
    Index battery_current_source = no_index;  ///< source of the current
    Sample<Watts> pv, load, grid;             ///< sums; "no data" if any part is, and as old as the oldest part
    Sample<Amps> bms_discharge_limit;         ///< only while the BMS publishes limits; 0 forbids discharge
};

/// Returns the age limit of the site's power and of the battery current.
inline Duration power_limit(const Policy& policy) { return age_limit(policy.control.power_stale, policy.power_poll); }

/// Computes the site's power from the snapshot's polled answers, or from the snapshot's site values if it has none. `readings`
/// marks the units to distrust.
SitePower site_power(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings = {});

/// Returns true if the powers and current of this source must not be used: it is frozen, or its power differs from its voltage
/// times its current.
bool is_suspect(Index source, const Readings& readings);
/// Returns true if is_suspect() applies to a polled unit.
bool unit_is_suspect(Index unit, const Policy& policy, const Readings& readings);
/// Returns the time when the answers of this polled unit last moved if they are a logger's copy, else empty. That time is their
/// age.
std::optional<Time> copied_at(Index unit, const Policy& policy, const Readings& readings);

/// Returns the temperature of source `polled`, or "no data" if its answer is nonsense.
Sample<Celsius> polled_temperature(Sample<Celsius> sample, Index polled, const SiteSnapshot& snapshot, const Policy& policy);

}  // namespace volt
