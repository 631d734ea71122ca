// A condition that must be true in every tick for a time before it counts.
#pragma once

#include <algorithm>
#include <optional>

#include "rules/time.hpp"

namespace volt {

struct Hold {
    std::optional<Time> since;  ///< first tick of the unbroken run of true ticks; empty: false now

    /// Takes the condition of this tick; `begin_again` restarts the time (start holds after a gap).
    void see(bool condition, Time now, bool begin_again = false) {
        if (!condition) since.reset();
        else if (!since || begin_again) since = now;
    }
    void reset() { since.reset(); }
    /// The condition is true now, no matter for how long.
    explicit operator bool() const { return since.has_value(); }
    /// True from the first tick whose `now` is `time` after the first true one.
    bool over(Time now, Duration time) const { return since && now - *since >= time; }
    /// Time left, 0 once it is over; empty while the condition is false.
    std::optional<Duration> left(Time now, Duration time) const {
        if (!since) return std::nullopt;
        return std::max(time - (now - *since), Duration::zero());
    }
    bool operator==(const Hold&) const = default;
};

/// Time left until `at`; empty once it is past.
inline std::optional<Duration> left_until(Time at, Time now) {
    if (at <= now) return std::nullopt;
    return at - now;
}

}  // namespace volt
