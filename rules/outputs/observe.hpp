// Outputs as inputs: their states, their changes, and which ones to query.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Fills `tick.outputs` from the reports, updates their memories and lists the outputs to query.
void observe_outputs(Observed& tick);

/// Returns true once every output that a load or a fan needs has reported, or `adopt_timeout_s` is over.
bool adopted(const Observed& tick);

}  // namespace volt
