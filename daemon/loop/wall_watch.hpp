// WallWatch: decides whether the wall clock is trusted, and finds the rows written while it was not.
#pragma once

#include <optional>
#include <string>

#include "daemon/host/clock.hpp"

namespace volt {

/// Use on the loop thread only.
class WallWatch {
public:
    /// Sets the time of the newest stored row. A wall clock before it is not trusted.
    void know_newest_row(Utc newest) { trust_.know(newest); }
    bool trusted(bool synchronised, bool vouched, Utc utc, Time now) { return trust_.update(synchronised, vouched, utc, now); }

    /// Rows written while the clock was wrong.
    struct Jump {
        std::int64_t seconds = 0;  ///< correction of the clock in seconds
        std::int64_t untrusted_seconds = 0;
        Utc from{}, to{};  ///< in the times of those rows
    };
    /// Returns a jump of 5 s or more in the turn in which the clock becomes trusted. Call once a turn.
    std::optional<Jump> update(const Moment& moment);

private:
    struct Untrusted {
        Time since{};
        Utc offset{};  ///< offset from the monotonic to the wall clock
    };

    WallTrust trust_;
    std::optional<Untrusted> untrusted_;
};

}  // namespace volt
