// Connects the night budget to a tick: its inputs, and missed nights.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Sets `Tick::budget` and judges if the sun carries the site. Call after the base load and before the gates.
void plan_night(Planned& tick);

/// Judges if loads caused a missed night. Call after stops and starts.
void watch_night(Started& tick);

}  // namespace volt
