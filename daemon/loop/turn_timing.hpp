// TurnTiming: when the next turn of the loop runs. A reading of the deciding voltage runs one at once; the tick is the fallback.
#pragma once

#include <algorithm>
#include <optional>

#include "rules/time.hpp"

namespace volt {

/// The newest reading of a source that is polled every `poll`.
struct Arrival {
    Time at{};
    Duration poll{};
};

/// All times monotonic. Turns are bounded by the polls of one source, the gap of requests, and the fallback.
class TurnTiming {
public:
    /// The first turn is due at `start`.
    explicit TurnTiming(Time start) : due_(start) {}

    /// When the next turn runs unless something comes before.
    Time due() const { return due_; }
    /// A reading of the deciding voltage arrived at `at`: it decides at once, however recent the last turn is.
    void reading(Time at);
    /// Something waits for a turn that may change a decision: at once, but at most once in `request_gap(tick)`.
    void request(Time now);
    /// A turn ran at `now`. The next one is due a tick later; where a reading is due within `slack(tick)` of that, it is awaited
    /// for as long, so that the tick does not run just before it. What was missed (a stopped process) is not made up for.
    void ran(Time now, const std::optional<Arrival>& voltage, Duration tick);

    static constexpr Duration slack(Duration tick) { return std::min<Duration>(tick / 4, 250ms); }
    static constexpr Duration request_gap(Duration tick) { return std::min<Duration>(tick / 2, 250ms); }

private:
    Time due_;
    Duration tick_{};
    bool requested_ = false;           ///< the next turn is for a request
    std::optional<Time> served_at_{};  ///< the last turn that was for one
};

}  // namespace volt
