// RequestPace: so many requests at once, then one in each interval. Many who ask at once wait in line; voltd does not notice them.
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

    /// When the next request may go, `now` at the earliest; it is counted. Nothing: that is after `deadline`, and it is not counted.
    std::optional<Time> next(Time now, Time deadline);

private:
    const std::chrono::milliseconds spare_, interval_;
    std::mutex mutex_;
    Time turn_{};  ///< of the next request if they had come one in each interval
};

}  // namespace volt::agent
