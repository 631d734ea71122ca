// Outputs as inputs: what each one is, what happened to it, and whom to ask.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Fills `tick.outputs` from the reports, moves their memories on and lists who is to be asked.
void observe_outputs(Observed& tick);

/// True once every output that a load or a fan needs has reported, or `adopt_timeout_s` is over.
bool adopted(const Observed& tick);

}  // namespace volt
