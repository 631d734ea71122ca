#include <algorithm>

#include "rules/outputs.hpp"

namespace volt {

namespace {

constexpr Duration shortest_limit = 30s, longest_limit = 750s;

}  // namespace

void MeterPeriods::see(Time taken) {
    if (last && taken <= *last) return;
    if (last) {
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

}  // namespace volt
