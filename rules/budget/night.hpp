// Connects the night budget to a tick: its inputs, and missed nights.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// After the base load, before the gates: `Tick::budget`, and whether the sun carries the site.
void plan_night(Planned& tick);

/// After stops and starts: whether loads caused a missed night.
void watch_night(Started& tick);

}  // namespace volt
