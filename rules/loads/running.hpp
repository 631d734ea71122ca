// Gates of a running load, with the limits that would stop it, to show what would change it.
#pragma once

#include "rules/loads/gates.hpp"

namespace volt {

void running_gates(const GateContext& ask, Gates& gates);

/// Returns the reason of a running load: min_on, held_back, override_on, heat or running.
Reason running_reason(const Started& tick, std::size_t load);

}  // namespace volt
