// WallWatch: whether the wall clock is trusted, and which rows were written while it was not.
#pragma once

#include <optional>
#include <string>

#include "daemon/host/clock.hpp"

namespace volt {

/// Loop thread only.
class WallWatch {
public:
    /// Time of the newest stored row: a wall clock before it is not trusted.
    void know_newest_row(Utc newest) { trust_.know(newest); }
    bool trusted(bool synchronised, bool vouched, Utc utc, Time now) { return trust_.update(synchronised, vouched, utc, now); }

    /// Rows written by a clock that turned out to be wrong.
    struct Jump {
        std::int64_t seconds = 0;  ///< by which the clock was set
        std::int64_t untrusted_seconds = 0;
        Utc from{}, to{};  ///< as those rows carry them
    };
    /// Once a turn. A jump of 5 s or more, in the turn in which the clock becomes trusted.
    std::optional<Jump> update(const Moment& moment);

private:
    struct Untrusted {
        Time since{};
        Utc offset{};  ///< of the wall to the monotonic clock
    };

    WallTrust trust_;
    std::optional<Untrusted> untrusted_;
};

}  // namespace volt
