#include "daemon/loop/tick_phase.hpp"

#include <algorithm>

namespace volt {

Time next_tick(Time due, Time now, Duration tick) { return due + tick > now ? due + tick : now + tick; }

bool can_follow(Duration tick, Duration poll) {
    if (tick <= 0ms || poll < tick / 5) return false;
    return tick % poll == 0ms || poll % tick == 0ms;
}

/// Step by step, so that one late reading does not shake the ticks.
Time in_step(Time next, const std::optional<Arrival>& newest, Duration tick) {
    if (!newest || !can_follow(tick, newest->poll) || next - newest->at > most_ticks_silent * tick) return next;
    const Duration margin = tick / 10;
    Duration late = (next - newest->at - margin) % tick;
    if (late > tick / 2) late -= tick;
    if (late < -tick / 2) late += tick;
    return abs(late) <= margin / 2 ? next : next - std::clamp(late, -margin, margin);
}

}  // namespace volt
