// Digest: a hash of a tick's states, reasons and orders, without their changing numbers.
// Making the JSON of all topics costs more than deciding; the loop does it when this changes, and every few seconds.
#pragma once

#include <cstdint>

#include "daemon/explain/site_view.hpp"

namespace volt {

/// Another number for another stage, verdict, zone, charge order, output, source state or error, or set of alarms.
std::uint64_t digest_of(const SiteView& view);

/// Another number when a load began or ended a run, rests anew, or its override changed: what must be on disk at once.
std::uint64_t digest_of(const RuleState& state);

}  // namespace volt
