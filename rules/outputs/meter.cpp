#include <algorithm>

#include "rules/memory/output_memory.hpp"

namespace volt {

namespace {

constexpr Duration shortest_limit = 30s, longest_limit = 750s;
constexpr Duration shortest_period = 5s;   // closer readings are one burst, such as after a switching
constexpr Duration after_switching = 10s;  // delay between a switching and the query of the meter
constexpr Duration asked_when_old = 60s;   // also queried when its reading is this old

}  // namespace

void MeterPeriods::see(Time taken) {
    if (last && taken <= *last) return;
    if (last && taken - *last >= shortest_period) {
        periods[next] = taken - *last;
        next = (next + 1) % static_cast<std::uint32_t>(periods.size());
        count = std::min(count + 1, static_cast<std::uint32_t>(periods.size()));
    }
    last = taken;
}

Duration MeterPeriods::limit() const {
    if (count < 2) return longest_limit;
    const Duration longest = *std::max_element(periods.begin(), periods.begin() + count);
    return std::clamp(std::min(longest, longest_limit) * 5 / 2, shortest_limit, longest_limit);
}

bool meter_is_due(const OutputMemory& m, std::optional<Time> taken, Time now) {
    const bool settled = m.switched_at && now - *m.switched_at >= after_switching;
    if (settled && (!m.meter_asked_at || *m.meter_asked_at < *m.switched_at + after_switching)) return true;
    if (m.meter_asked_at && now - *m.meter_asked_at < asked_when_old) return false;
    return !taken || now - *taken >= asked_when_old;
}

}  // namespace volt
