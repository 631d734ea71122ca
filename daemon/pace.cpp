#include "daemon/pace.hpp"

#include <algorithm>

namespace volt {

Time next_tick(Time due, Time now, Duration tick) {
    return due + tick > now ? due + tick : now + tick;
}

/// So slowly that polls of a period of their own, which no phase fits, do not shake the ticks.
Time in_step(Time next, std::optional<Time> arrived, Duration tick) {
    if (!arrived || next - *arrived > most_ticks_silent * tick) return next;
    const Duration margin = tick / 10;
    Duration late = (next - *arrived - margin) % tick;
    if (late > tick / 2) late -= tick;
    if (late < -tick / 2) late += tick;
    return abs(late) <= margin / 2 ? next : next - std::clamp(late, -margin, margin);
}

}  // namespace volt
