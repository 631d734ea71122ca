#include "rules/loads/sag.hpp"

#include <algorithm>

namespace volt {

namespace {

constexpr Duration fresh = 7 * 24h;
constexpr std::int64_t steady_w = 500;  // limit for the movement of PV - base load

std::int64_t computed_sag(const Observed& tick, const LoadTick& load, Volts at) {
    return sag_mv(load.nominal, tick.policy.preferences.internal_resistance_mohm, at) * 10;
}

/// Returns true if another output was switched since this load's start.
bool disturbed(const Observed& tick, const LoadTick& load, Time since) {
    for (std::size_t i = 0; i < tick.state.outputs.size(); ++i) {
        const std::optional<Time> switched = tick.state.outputs[i].switched_at;
        if (static_cast<Index>(i) != load.output && switched && *switched >= since) return true;
    }
    return false;
}

bool steady(const Planned& tick, const SagMemory& sag) {
    if (!tick.power.surplus || !tick.readings.mean_10s) return false;
    const std::int64_t moved = tick.power.raw_surplus - sag.surplus_before;
    return moved < steady_w && moved > -steady_w;
}

void take_sample(Planned& tick, const LoadTick& load, SagMemory& sag) {
    const Volts before{std::max<std::int64_t>(*sag.before / 100, 1)};
    const std::int64_t computed = computed_sag(tick, load, before);
    const std::int64_t sample = std::clamp(*sag.before - *tick.readings.mean_10s, computed / 2, computed * 2);
    const bool known = sag.learned && tick.now - sag.learned_at < fresh;
    sag.learned = ceil_div((known ? *sag.learned : computed) * 7 + sample, 8);
    sag.learned_at = tick.now;
    sag.before.reset();
}

}  // namespace

bool sag_is_learned(const LoadMemory& m, Time now) { return m.sag.learned && now - m.sag.learned_at < fresh; }

std::int64_t predicted_sag_mv(const Observed& tick, const LoadTick& load, const LoadMemory& m, Volts voltage) {
    if (sag_is_learned(m, tick.now)) return ceil_div(*m.sag.learned, 10);
    return sag_mv(load.nominal, tick.policy.preferences.internal_resistance_mohm, voltage);
}

void begin_sag_sample(Planned& tick, std::size_t load) {
    SagMemory& sag = tick.memory(load).sag;
    sag.before.reset();
    if (!tick.readings.mean_10s || !tick.power.surplus || tick.loads[load].miner == nullptr) return;
    sag.before = tick.readings.mean_10s;
    sag.surplus_before = tick.power.raw_surplus;
}

void learn_sag(Planned& tick) {
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        LoadMemory& m = tick.memory(i);
        if (!m.sag.before) continue;
        const LoadTick& load = tick.loads[i];
        const bool over = !m.wanted || !m.ordered_on || tick.now - *m.ordered_on > tick.policy.control.start_timeout;
        if (over || !steady(tick, m.sag) || disturbed(tick, load, *m.ordered_on)) m.sag.before.reset();
        else if (m.drew) take_sample(tick, load, m.sag);
    }
}

}  // namespace volt
