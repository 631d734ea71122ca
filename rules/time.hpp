// Time in the rules: it comes in with the snapshot. Nothing here reads a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace volt {

using Duration = std::chrono::milliseconds;
/// Monotonic time since an arbitrary start; not comparable across restarts (use `Utc` for that).
using Time = std::chrono::milliseconds;
/// Milliseconds since 1970-01-01 00:00 UTC.
using Utc = std::chrono::milliseconds;

using namespace std::chrono_literals;

inline constexpr std::int32_t day_s = 86'400;

/// Civil time in the site's zone, computed outside the rules.
struct LocalTime {
    std::int32_t day = 0;            ///< local date in days since 1970-01-01
    std::int32_t second_of_day = 0;  ///< 0..86399 by the wall clock; one hour repeats in fall

    auto operator<=>(const LocalTime&) const = default;
};

/// Sunrise and sunset of that day at the site's place, in local seconds of the day.
struct SunOfDay {
    std::int32_t rise = 0, set = 0;
    bool operator==(const SunOfDay&) const = default;
};

/// Moment at which a state is saved or restored.
struct Moment {
    Time now{};
    Utc utc{};
    bool clock_trusted = false;
};

}  // namespace volt
