// Time for removing old rows: a trusted clock that has not just jumped, or none.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

/// The clock. Rows are never removed by age with an untrusted clock, nor within an hour after a trusted one moved forward by more
/// than a day, compared with itself or the newest stored row: that may be the jump that makes all of them old.
class AgeClock {
public:
    using Steady = std::chrono::steady_clock::time_point;

    static constexpr Duration jump = 24h, hold = 1h;

    /// Makes a clock. `newest`: the newest stored row, or empty in a new database.
    explicit AgeClock(std::optional<Utc> newest = {}) : newest_(newest) {}

    /// Sets the wall time at `at`, and its trust.
    void set(Utc wall, bool trusted, Steady at);
    /// Returns the time for removing rows at `at`, or empty if none must be removed.
    std::optional<Utc> time_to_remove(Steady at) const;
    /// Returns that the clock jumped, and until when no row is removed, or an empty string without a jump.
    std::string jumped(Steady at) const;

private:
    std::optional<Utc> newest_;
    std::optional<Utc> offset_;  ///< wall minus steady time when the clock was last trusted, or first seen
    bool trusted_ = false;
    Utc wall_{};
    std::optional<Steady> hold_until_;
    Utc jumped_from_{}, jumped_to_{};
};

}  // namespace volt
