// RequestPace: allows a burst of requests, then one per interval. Many concurrent callers wait in line, so that voltd is not
// affected.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>

namespace volt::agent {

class RequestPace {
public:
    using Time = std::chrono::steady_clock::time_point;
    /// `burst` ≥ 1, `interval` > 0.
    RequestPace(int burst, std::chrono::milliseconds interval) : spare_((burst - 1) * interval), interval_(interval) {}

    /// Returns when the next request may be sent, `now` at the earliest, and counts it. Returns nothing, without counting, if
    /// that is after `deadline`.
    std::optional<Time> next(Time now, Time deadline);

private:
    const std::chrono::milliseconds spare_, interval_;
    std::mutex mutex_;
    Time turn_{};  ///< time of the next request if they had come one per interval
};

}  // namespace volt::agent
