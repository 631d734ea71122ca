#include "rules/budget/night.hpp"

#include <algorithm>

#include "rules/budget/missed.hpp"

namespace volt {

namespace {

constexpr std::int64_t loss_percent = 5;  // percent of the largest power: error of the meters

/// Returns power that no meter explains: losses, loads on the battery's side, a clamp that misses a phase.
Watts unexplained_of(const PowerBalance& powers) {
    if (!powers.difference) return {};
    return std::max(*powers.difference - Watts{powers.largest.steps * loss_percent / 100}, Watts{});
}

BudgetInputs inputs_of(const Planned& tick) {
    const Readings& r = tick.readings;
    return {tick.now,
            tick.elapsed,
            tick.snapshot.utc,
            tick.snapshot.local,
            tick.snapshot.sun,
            tick.snapshot.clock_trusted,
            r.for_starts,
            r.for_stops,
            r.battery_power,
            r.pv,
            r.load,
            tick.power.base_load,
            unexplained_of(r.powers),
            r.powers.at_odds,
            r.powers.not_measured,
            r.powers.bank_gives,
            !tick.adopting};
}

/// Returns the last in order of the miners that are on without an override that forces them.
Index running_last(const Planned& tick) {
    for (auto it = tick.order.rbegin(); it != tick.order.rend(); ++it) {
        const LoadTick& load = tick.loads[at(*it)];
        if (load.miner != nullptr && load.on && !load.forced_on) return *it;
    }
    return no_index;
}

/// Returns the active alarm that explains why a plan failed.
MissedBy standing_alarm(const Started& tick) {
    const PowerBalance& powers = tick.readings.powers;
    if (powers.at_odds) return MissedBy::powers_at_odds;
    if (powers.not_measured_long && powers.not_measured) return MissedBy::house_not_measured;
    if (tick.budget.against_sun) return MissedBy::clock_against_sun;
    return tick.budget.misfit || tick.budget.doubt ? MissedBy::bank_misfit : MissedBy::none;
}

}  // namespace

void plan_night(Planned& tick) {
    const BudgetInputs inputs = inputs_of(tick);
    tick.power.carried = sun_carries(inputs);
    tick.budget = judge_budget(inputs, tick.policy.preferences, tick.state.site.budget);
}

void watch_night(Started& tick) {
    if (!tick.budget.set && !tick.state.site.missed.plan) return;
    const bool critical = tick.stage.stage == Stage::critical || tick.stage.stage == Stage::shutdown;
    judge_missed(inputs_of(tick), {running_last(tick), critical, standing_alarm(tick)}, tick.policy.preferences, tick.budget,
                 tick.state.site.budget, tick.state.site.missed);
    tick.budget.missed = tick.state.site.missed.missed;
}

}  // namespace volt
