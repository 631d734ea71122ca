// When the next tick is due: close behind the readings it decides by, not up to a whole tick after them.
#pragma once

#include <optional>

#include "rules/time.hpp"

namespace volt {

/// The tick after the one that was due at `due`. The phase is kept; what was missed (a stopped process) is not made up for.
Time next_tick(Time due, Time now, Duration tick);

/// `next`, moved by at most a tenth of a tick towards a tenth of a tick behind the phase in which readings arrive. All
/// times monotonic. Nothing has arrived, or nothing for `most_ticks_silent`: as it is.
Time in_step(Time next, std::optional<Time> arrived, Duration tick);

constexpr int most_ticks_silent = 5;

}  // namespace volt
