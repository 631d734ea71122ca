// Bounds on what a protecting hold can have reached, by what is known from outside.
#pragma once

#include <algorithm>

#include "rules/time.hpp"

namespace volt::test {

class HoldBounds {
public:
    /// Takes one tick, `elapsed` after the tick before. `possible`: the condition may be true. `sure`: it certainly is.
    void see(bool possible, bool sure, Duration elapsed, Duration time) {
        most_ = possible ? most_ + elapsed : std::max<Duration>(most_ - std::min<Duration>(elapsed, 5s) / 2, 0s);
        most_ = std::min(most_, time);
        sure_for_ = sure || was_sure_ ? sure_for_ + elapsed : Duration{};
        was_sure_ = sure;
    }
    void reset() { *this = {}; }
    /// The hold begins again; what it reached before may still count.
    void begin_again() { sure_for_ = Duration{}; }
    /// The condition can have been true for long enough.
    bool may_be_over(Duration time) const { return most_ >= time; }
    /// The condition was true in every second tick for more than four times the time.
    bool must_be_over(Duration time) const { return sure_for_ > 4 * time; }

private:
    Duration most_{}, sure_for_{};
    bool was_sure_ = false;
};

}  // namespace volt::test
