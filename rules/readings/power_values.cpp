// Compares power with voltage times current of the same answer. In a register map shifted by one, each value alone is plausible.
#include <algorithm>
#include <cstddef>

#include "rules/battery/bank.hpp"
#include "rules/hold.hpp"
#include "rules/readings/parts.hpp"

namespace volt {

namespace {

constexpr std::int64_t telling_watts = 200, telling_percent = 20;
constexpr Duration at_odds_after = 60s;

/// Returns true if the difference exceeds both bounds: the watts, and the share of the larger one.
bool at_odds(const VoltageSample& sample) {
    const std::int64_t product = sample.value->steps * sample.current->steps / 10000;
    const std::int64_t off = abs(*sample.power - Watts{product}).steps;
    const std::int64_t larger = std::max(abs(*sample.power), abs(Watts{product})).steps;
    return off > telling_watts && off * 100 > larger * telling_percent;
}

}  // namespace

void watch_power(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state, Readings& readings) {
    for (std::size_t i = 0; i < state.voltages.size(); ++i) {
        const VoltageSample& sample = snapshot.voltages[i];
        const bool judged = policy.voltage_sources[i].compares_power && sample.power && sample.current && sample.received &&
                            sample.value && plausible_range(policy.preferences).holds(*sample.value) &&
                            snapshot.now - sample.taken <= voltage_limit(policy, i);
        Hold& since = state.voltages[i].at_odds_since;
        since.see(judged && at_odds(sample), snapshot.now);
        if (!since.over(snapshot.now, at_odds_after)) continue;
        readings.at_odds.resize(state.voltages.size());
        readings.at_odds[i] = true;
    }
}

}  // namespace volt
