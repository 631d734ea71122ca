// Zone fans as outputs: adoption, external switching.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Reads the reports of fans, and adopts external switching. Call before the zones are judged.
void follow_fans(Observed& tick);

/// Sets each zone's inputs from loads and outputs.
void fill_zone_inputs(Judged& tick);

}  // namespace volt
