// Which time old rows are removed by: a trusted clock that has not just jumped, or none.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

/// Rows are never removed by age with an untrusted clock, nor within an hour after a trusted one went
/// forward by more than a day, against itself or the newest stored row: that may be the jump that makes all of them old.
class AgeClock {
public:
    using Steady = std::chrono::steady_clock::time_point;

    static constexpr Duration jump = 24h, hold = 1h;

    /// `newest`: the newest stored row, nothing in a new database.
    explicit AgeClock(std::optional<Utc> newest = {}) : newest_(newest) {}

    /// What the wall shows at `at`, and whether it is trusted.
    void set(Utc wall, bool trusted, Steady at);
    /// The time by which rows may be removed at `at`; nothing: by none.
    std::optional<Utc> time_to_remove(Steady at) const;
    /// That the clock jumped and until when nothing is removed; empty: it did not.
    std::string jumped(Steady at) const;

private:
    std::optional<Utc> newest_;
    std::optional<Utc> offset_;  ///< wall less steady time when the clock was trusted last, or was seen first
    bool trusted_ = false;
    Utc wall_{};
    std::optional<Steady> hold_until_;
    Utc jumped_from_{}, jumped_to_{};
};

}  // namespace volt
