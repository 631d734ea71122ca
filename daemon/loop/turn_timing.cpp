#include "daemon/loop/turn_timing.hpp"

#include <utility>

namespace volt {

void TurnTiming::reading(Time at) { due_ = std::min(due_, at); }

void TurnTiming::request(Time now) {
    requested_ = true;
    due_ = std::min(due_, served_at_ ? std::max(now, *served_at_ + request_gap(tick_)) : now);
}

void TurnTiming::ran(Time now, const std::optional<Arrival>& voltage, Duration tick) {
    tick_ = tick;
    if (std::exchange(requested_, false)) served_at_ = now;
    due_ = now + tick;
    if (!voltage) return;
    const Time expected = voltage->at + voltage->poll;
    if (abs(due_ - expected) <= slack(tick)) due_ = expected + slack(tick);
}

}  // namespace volt
