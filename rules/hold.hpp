// A condition that must be true in every tick for some time before it counts.
#pragma once

#include <algorithm>
#include <optional>

#include "rules/time.hpp"

namespace volt {

struct Hold {
    std::optional<Time> since;  ///< first tick of the unbroken run of true ticks, or empty if false now

    /// Records the condition of this tick. `begin_again` restarts the time (used by start holds after a gap).
    void see(bool condition, Time now, bool begin_again = false) {
        if (!condition) since.reset();
        else if (!since || begin_again) since = now;
    }
    void reset() { since.reset(); }
    /// Returns true if the condition is true now, for any length of time.
    explicit operator bool() const { return since.has_value(); }
    /// Returns true once the condition has been true for `time`.
    bool over(Time now, Duration time) const { return since && now - *since >= time; }
    /// Returns the time left, 0 once it is over, or empty while the condition is false.
    std::optional<Duration> left(Time now, Duration time) const {
        if (!since) return std::nullopt;
        return std::max(time - (now - *since), Duration::zero());
    }
    bool operator==(const Hold&) const = default;
};

/// A hold that protects. A false tick takes back half of its length instead of all the time, so one sample does not cancel a
/// minute. Two consecutive false ticks that leave nothing end the hold.
class ProtectingHold {
public:
    /// Records the condition of this tick, `elapsed` after the previous tick. An empty condition is unknown and leaves the hold
    /// unchanged. The time reached never exceeds `time`.
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
    /// Restarts a running hold from zero.
    void begin_again() {
        if (reached_) reached_ = Half::zero();
        spent_ = false;
    }
    /// Returns true if the hold runs and has time left to take back.
    bool stands() const { return reached_ && *reached_ > Half::zero(); }
    /// Returns true from the first true tick until the hold ends.
    explicit operator bool() const { return reached_.has_value(); }
    bool over(Duration time) const { return reached_ && *reached_ >= time; }
    /// Returns the time left, 0 once it is over, or empty while the hold is not running.
    std::optional<Duration> left(Duration time) const {
        if (!reached_) return std::nullopt;
        return std::max(std::chrono::ceil<Duration>(time - *reached_), Duration::zero());
    }
    bool operator==(const ProtectingHold&) const = default;

private:
    using Half = std::chrono::duration<std::int64_t, std::ratio<1, 2000>>;  ///< makes half a tick exact
    static constexpr Duration longest_step = 5s;                            ///< limit for the length of one false tick
    std::optional<Half> reached_;
    bool spent_ = false;  ///< the previous tick was false and left nothing
};

/// Returns the time left until `at`, or empty once it is past.
inline std::optional<Duration> left_until(Time at, Time now) {
    if (at <= now) return std::nullopt;
    return at - now;
}

}  // namespace volt
