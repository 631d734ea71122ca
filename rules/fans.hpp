// Fans of zones and the charge output as outputs: adoption, foreign hands, what they should be.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Takes over what fans report, and what somebody did to them by hand. Before the zones are judged.
void follow_fans(Tick& tick);

/// What loads and outputs mean for each zone.
void fill_zone_inputs(Tick& tick);

/// Orders fans and the charge output.
void order_fans(Tick& tick);
void order_charge_output(Tick& tick);

/// Orders the outputs of loads.
void order_loads(Tick& tick);

/// Switches off what was on for a load that was removed or got another output: nobody else would, not even at shutdown.
void order_orphans(Tick& tick);

}  // namespace volt
