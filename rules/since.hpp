// Moments since which a condition has been true in every tick, for states that keep just the moment.
#pragma once

#include <algorithm>
#include <optional>

#include "rules/time.hpp"

namespace volt {

/// Moves `since` on by one tick: kept while `condition` stays true, begun at `now`, forgotten when it is false.
inline void keep_since(std::optional<Time>& since, bool condition, Time now) {
    if (!condition) since.reset();
    else if (!since) since = now;
}

/// True from the first tick whose `now` is `hold` after the first true one.
inline bool held(const std::optional<Time>& since, Time now, Duration hold) { return since && now - *since >= hold; }

/// Time left until `held`, 0 once it is; nothing while the condition is false.
inline std::optional<Duration> hold_left(const std::optional<Time>& since, Time now, Duration hold) {
    if (!since) return std::nullopt;
    return std::max(hold - (now - *since), Duration::zero());
}

}  // namespace volt
