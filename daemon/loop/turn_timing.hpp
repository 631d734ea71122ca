// TurnTiming: schedules the next turn of the loop. A reading of the deciding voltage starts one at once; the tick is the
// fallback.
#pragma once

#include <algorithm>
#include <optional>

#include "rules/time.hpp"

namespace volt {

/// Newest reading of a source that voltd polls every `poll`.
struct Arrival {
    Time at{};
    Duration poll{};
};

/// Schedules turns. All times are monotonic. The polls of one source, the request gap and the fallback bound the rate.
class TurnTiming {
public:
    /// Schedules the first turn at `start`.
    explicit TurnTiming(Time start) : due_(start) {}

    /// Returns when the next turn runs unless input comes earlier.
    Time due() const { return due_; }
    /// Schedules a turn at once for a reading of the deciding voltage at `at`, however recent the last turn is.
    void reading(Time at);
    /// Schedules a turn for a request that may change a decision: at once, but at most one per `request_gap(tick)`.
    void request(Time now);
    /// Schedules the next turn one tick after `now`. If a reading is due within `slack(tick)` of that, waits up to that long for
    /// it, so that the tick does not run just before the reading. Skips missed turns (a stopped process).
    void ran(Time now, const std::optional<Arrival>& voltage, Duration tick);

    static constexpr Duration slack(Duration tick) { return std::min<Duration>(tick / 4, 250ms); }
    static constexpr Duration request_gap(Duration tick) { return std::min<Duration>(tick / 2, 250ms); }

private:
    Time due_;
    Duration tick_{};
    bool requested_ = false;           ///< the next turn serves a request
    std::optional<Time> served_at_{};  ///< last turn that served a request
};

}  // namespace volt
