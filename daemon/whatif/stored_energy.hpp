// Dependence of the bank's voltage on its energy within a record: enough to see where an answer depends on stored energy, not to
// model it.
#pragma once

#include <optional>

#include "daemon/whatif/replay_site.hpp"

namespace volt::whatif {

/// Returns the fit of the bank, if any; else the slope of the voltage without its sag over the energy that the battery took, by
/// least squares. Returns nothing if battery power or voltage is missing in most rows, the energy moved too little, or the two do
/// not correlate.
std::optional<StoredEnergy> stored_energy(const SiteRecord& record);

}  // namespace volt::whatif
