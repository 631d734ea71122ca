// When the next tick is due: close behind the readings it decides by, not up to a whole tick after them.
#pragma once

#include <optional>

#include "rules/time.hpp"

namespace volt {

/// The newest reading of a source that is polled every `poll`.
struct Arrival {
    Time at{};
    Duration poll{};
};

/// The tick after the one that was due at `due`. The phase is kept; what was missed (a stopped process) is not made up for.
Time next_tick(Time due, Time now, Duration tick);

/// Whether ticks can stay in one phase to the polls: one period is a whole multiple of the other, and a tenth of a tick
/// behind a reading is well before the next one.
bool can_follow(Duration tick, Duration poll);

/// `next`, moved by at most a tenth of a tick towards a tenth of a tick behind the phase in which readings arrive; on
/// average ticks keep their length. All times monotonic. Nothing has arrived, nothing for `most_ticks_silent`, or at
/// polls that ticks cannot follow: as it is.
Time in_step(Time next, const std::optional<Arrival>& newest, Duration tick);

constexpr int most_ticks_silent = 5;

}  // namespace volt
