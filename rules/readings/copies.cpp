// Detects a logger's copy: a device that answers at once, from registers that it renews only every few minutes.
#include <algorithm>
#include <cstddef>

#include "rules/readings/parts.hpp"

namespace volt {

namespace {

constexpr std::int64_t even_percent = 110;  // percent of the shortest interval, or one poll more

void begin_again(CopyMemory& m) { m.count = m.next = 0; }

bool even(const CopyMemory& m, Duration poll) {
    const auto [shortest, longest] = std::minmax_element(m.intervals.begin(), m.intervals.end());
    return *longest * 100 <= *shortest * even_percent || *longest - *shortest <= poll;
}

void take_interval(Duration interval, Duration poll, CopyMemory& m) {
    if (interval < CopyMemory::shortest_interval) {
        m.copy = false;
        return begin_again(m);
    }
    if (!m.answered_between) return begin_again(m);
    m.intervals[m.next] = interval;
    m.next = (m.next + 1) % CopyMemory::telling;
    m.count = std::min(m.count + 1, CopyMemory::telling);
    if (m.count == CopyMemory::telling && even(m, poll)) m.copy = true;
}

void follow(const VoltageSample& sample, Duration poll, CopyMemory& m) {
    if (!sample.received || (m.answered_at && sample.taken <= *m.answered_at)) return;
    m.answered_at = sample.taken;
    if (m.moved_at && sample.unit_moved <= *m.moved_at) {
        m.answered_between = true;
        return;
    }
    if (m.moved_at) take_interval(sample.unit_moved - *m.moved_at, poll, m);
    m.moved_at = sample.unit_moved;
    m.answered_between = false;
}

}  // namespace

void watch_copies(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings) {
    const std::size_t count = state.voltages.size();
    for (std::size_t i = 0; i < count; ++i) {
        CopyMemory& m = state.voltages[i].copy;
        follow(snapshot.voltages[i], policy.voltage_sources[i].poll, m);
        if (!m.copy) continue;
        readings.copied.resize(count);
        readings.copied[i] = m.moved_at;
        readings.copy_intervals.resize(count);
        readings.copy_intervals[i] = m.intervals[(m.next + CopyMemory::telling - 1) % CopyMemory::telling];
    }
}

}  // namespace volt
