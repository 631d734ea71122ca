// The night budget's place in a tick: what it is asked with, and what came of the nights before.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// After the base load, before the gates: `Tick::budget`, and whether the sun carries the site.
void plan_night(Planned& tick);

/// After stops and starts: whether a night was missed that loads had run into.
void watch_night(Started& tick);

}  // namespace volt
