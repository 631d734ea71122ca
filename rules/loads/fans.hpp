// Fans of zones and the charge output as outputs: adoption, external switching, target states.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Reads what fans report, and adopts external switching. Runs before the zones are judged.
void follow_fans(Observed& tick);

/// What loads and outputs mean for each zone.
void fill_zone_inputs(Judged& tick);

/// Orders fans and the charge output.
void order_fans(Tick& tick);
void order_charge_output(Tick& tick);

/// Orders the outputs of loads.
void order_loads(Tick& tick);

/// Switches off an output whose load was removed or moved to another output: nothing else would, not even at shutdown.
void order_orphans(Tick& tick);

}  // namespace volt
