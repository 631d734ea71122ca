#include "daemon/agent/tools/request_pace.hpp"

#include <algorithm>

namespace volt::agent {

std::optional<RequestPace::Time> RequestPace::next(Time now, Time deadline) {
    const std::lock_guard lock(mutex_);
    const Time turn = std::max(turn_, now - spare_);
    if (turn > deadline) return std::nullopt;
    turn_ = turn + interval_;
    return std::max(turn, now);
}

}  // namespace volt::agent
