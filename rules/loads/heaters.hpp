// Zone heaters as loads: their stop reasons.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Judges the stop reasons of a heater, in addition to the site's. `min_on`: its first 300 s, during which soft reasons wait.
void judge_heater_stop(Stopped& tick, std::size_t load, bool min_on);

}  // namespace volt
