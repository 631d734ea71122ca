// Hash of a tick's states, reasons and orders, without their changing numbers. Making the JSON of all topics costs more than a
// decision, so the loop does it when this hash changes, and every few seconds.
#pragma once

#include <cstdint>

#include "daemon/explain/site_view.hpp"

namespace volt {

/// Returns a hash that changes with any stage, verdict, zone, charge order, output, source state or error, or set of alarms.
std::uint64_t fingerprint_of(const SiteView& view);

/// Returns a hash that changes when a load starts or ends a run, its rest restarts, or its override changes. These must be saved
/// at once.
std::uint64_t fingerprint_of(const RuleState& state);

}  // namespace volt
