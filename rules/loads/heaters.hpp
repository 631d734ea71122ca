// Heaters of zones as loads: what stops them.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Stop reasons of a heater beside those of the site; `min_on`: its first 300 s, which soft reasons wait for.
std::optional<Reason> heater_stop(Tick& tick, std::size_t load, bool min_on);

}  // namespace volt
