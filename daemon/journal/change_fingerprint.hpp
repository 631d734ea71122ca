// A hash of a tick's states, reasons and orders, without their changing numbers.
// Making the JSON of all topics costs more than deciding; the loop does it when this changes, and every few seconds.
#pragma once

#include <cstdint>

#include "daemon/explain/site_view.hpp"

namespace volt {

/// Changes with any stage, verdict, zone, charge order, output, source state or error, or set of alarms.
std::uint64_t fingerprint_of(const SiteView& view);

/// Changes when a load began or ended a run, its rest restarted, or its override changed: what must be saved at once.
std::uint64_t fingerprint_of(const RuleState& state);

}  // namespace volt
