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

/// A hold that protects: a false tick takes back half of its length instead of all the time, so that one sample does not undo
/// a minute. Two false ticks in a row that leave nothing end it.
class ProtectingHold {
public:
    /// Takes the condition of this tick, `elapsed` after the tick before. Empty: it cannot be judged, and the hold stays as it
    /// is. The time reached never exceeds `time`.
    void see(std::optional<bool> condition, Duration elapsed, Duration time) {
        if (!condition) return;
        if (*condition) {
            reached_ = std::min<Half>(reached_ ? *reached_ + elapsed : Half::zero(), time);
            spent_ = false;
        } else if (reached_) {
            *reached_ -= Half(std::min(elapsed, longest_step).count());
            const bool nothing_left = *reached_ <= Half::zero();
            if (nothing_left && spent_) reset();
            else spent_ = nothing_left;
        }
    }
    void reset() { *this = {}; }
    /// Counts from zero again, if it runs.
    void begin_again() {
        if (reached_) reached_ = Half::zero();
        spent_ = false;
    }
    /// It runs, and has time left to take back.
    bool stands() const { return reached_ && *reached_ > Half::zero(); }
    /// It runs: true since its first tick until it ends.
    explicit operator bool() const { return reached_.has_value(); }
    bool over(Duration time) const { return reached_ && *reached_ >= time; }
    /// Time left, 0 once it is over; empty while it does not run.
    std::optional<Duration> left(Duration time) const {
        if (!reached_) return std::nullopt;
        return std::max(std::chrono::ceil<Duration>(time - *reached_), Duration::zero());
    }
    bool operator==(const ProtectingHold&) const = default;

private:
    using Half = std::chrono::duration<std::int64_t, std::ratio<1, 2000>>;  ///< so that half a tick is exact
    static constexpr Duration longest_step = 5s;                            ///< a longer false tick counts as this
    std::optional<Half> reached_;
    bool spent_ = false;  ///< the tick before was false and left nothing
};

/// Time left until `at`; empty once it is past.
inline std::optional<Duration> left_until(Time at, Time now) {
    if (at <= now) return std::nullopt;
    return at - now;
}

}  // namespace volt
