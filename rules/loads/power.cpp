#include "rules/loads/power.hpp"

#include <algorithm>

#include "rules/budget/night.hpp"
#include "rules/limits.hpp"
#include "rules/loads/allowance.hpp"
#include "rules/outputs/orders.hpp"

namespace volt {

namespace {

constexpr Duration longest_wait_for_readings = 60s;
constexpr std::int64_t most_metered_percent = 121;  // percent of its nominal draw: a meter above this is wrong

Watts not_negative(Watts value) { return std::max(value, Watts{0}); }

bool counts(const Observed& tick, const LoadTick& load, const LoadMemory& m, const OutputMemory& order) {
    if (m.wanted || load.seen == OutputState::on) return true;
    if (load.unknown && lease_is_over(order, tick.policy.outputs[at(load.output)].lease, tick.now)) return false;
    if (order.ordered && !order.on && !order.confirmed) return true;
    return load.unknown && order.last_confirmed != OutputState::off;
}

/// Returns true if the load reports on or is ordered on; in `shadow` only if it reports on.
bool is_on(const Observed& tick, const LoadTick& load, const LoadMemory& m) {
    return load.seen == OutputState::on || (m.wanted && (load.unknown || live(tick)));
}

Watts draw_of(const LoadTick& load, const LoadMemory& m, bool wanted_or_on, const Control& control, Time now) {
    if (!load.measured) return load.nominal;
    const Watts metered = not_negative(*load.measured);
    if (!wanted_or_on) return metered;
    if (!m.ordered_on) return m.drew ? metered : load.nominal;
    const Duration age = now - *m.ordered_on;
    const bool settled = (m.drew && age >= control.settle) || age >= control.start_timeout;
    return settled ? metered : load.nominal;
}

void judge_draw(Observed& tick, std::size_t index) {
    LoadTick& load = tick.loads[index];
    LoadMemory& m = tick.memory(index);
    if (load.output == no_index) return;
    const OutputMemory& order = tick.order_of(load);
    load.counts = counts(tick, load, m, order);
    if (!load.counts) return;
    load.on = is_on(tick, load, m);
    load.in_site_load = load.unknown ? m.wanted : load.seen == OutputState::on;
    if (m.wanted && works(load)) m.drew = true;
    const bool off = !m.wanted && load.seen == OutputState::off;
    load.draw = draw_of(load, m, !off, tick.policy.control, tick.now);
}

/// Returns true if the load has no meter reading since it was switched: its draw is unknown.
bool unmetered(const LoadTick& load) { return load.unknown || !load.measured; }

bool young(const Observed& tick, std::size_t index) {
    const LoadMemory& m = tick.memory(index);
    const std::optional<Time> since = m.ordered_on ? m.ordered_on : tick.order_of(tick.loads[index]).switched_at;
    return since && tick.now - *since < tick.policy.control.start_timeout;
}

/// Returns true if site load or meter was not read since this load was switched.
bool readings_are_older(const Judged& tick, const LoadTick& load) {
    if (load.output == no_index) return false;
    const std::optional<Time> switched = tick.order_of(load).switched_at;
    if (!switched || tick.now - *switched >= longest_wait_for_readings) return false;
    if (tick.readings.load_taken <= *switched) return true;
    return tick.policy.outputs[at(load.output)].meter && !load.measured;
}

struct OnLoads {
    Watts measured{};  ///< subtracted from the site load
    Watts draws{};
    bool any_young = false;  ///< recently switched without a reading, or unknown and should be on
    bool waiting = false;    ///< waits for readings after a switching
};

OnLoads sum_on(const Judged& tick) {
    OnLoads sum;
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        const LoadTick& load = tick.loads[i];
        if (readings_are_older(tick, load)) sum.waiting = true;
        if (!load.in_site_load) continue;
        sum.measured += part_of_site_load(load);
        sum.draws += load.draw;
        if (unmetered(load) && (young(tick, i) || load.unknown)) sum.any_young = true;
    }
    return sum;
}

void judge_base_load(Planned& tick) {
    SiteMemory& site = tick.state.site;
    if (!tick.readings.load) return;
    const OnLoads on = sum_on(tick);
    if (!on.any_young) site.base_before.reset();
    else if (!site.base_before) site.base_before = site.base_load;
    if (!on.waiting || !site.base_load) {
        site.base_load = not_negative(*tick.readings.load - (on.any_young ? on.draws : on.measured));
        if (on.any_young && site.base_before) site.base_load = std::max(*site.base_load, *site.base_before);
    }
    tick.power.base_load = site.base_load;
}

void judge_held_back(Planned& tick) {
    Hold& hold = tick.state.site.held_back;
    hold.see(tick.budget.full, tick.now, tick.readings.starts_begin_again);
    tick.power.held_back = hold.over(tick.now, tick.policy.control.start_hold);
}

}  // namespace

void judge_draws(Observed& tick) {
    for (std::size_t i = 0; i < tick.loads.size(); ++i) judge_draw(tick, i);
}

void judge_power(Planned& tick) {
    judge_base_load(tick);
    PowerTick& power = tick.power;
    if (tick.readings.pv && power.base_load) {
        power.raw_surplus = (*tick.readings.pv - *power.base_load).steps;
        power.surplus = not_negative(*tick.readings.pv - *power.base_load);
    }
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        const LoadTick& load = tick.loads[i];
        if (!load.on && !(load.counts && tick.memory(i).wanted)) continue;  // in `shadow` an imagined run counts too
        power.draws_on += load.draw;
        power.nominal_on += load.nominal;
    }
    plan_night(tick);
    judge_held_back(tick);
}

bool works(const LoadTick& load) {
    return load.measured && load.measured->steps * 100 >= load.nominal.steps * limits::drawing_percent;
}

Watts part_of_site_load(const LoadTick& load) {
    if (!load.in_site_load) return {};
    if (unmetered(load)) return load.draw;
    const bool too_much = load.measured->steps * 100 > load.nominal.steps * most_metered_percent;
    return too_much ? load.nominal : not_negative(*load.measured);
}

InverterSum inverter_sum(const Planned& tick) {
    const Watts limit = tick.policy.preferences.inverter_max;
    if (!tick.readings.load) return {{}, tick.power.nominal_on, Watts{limit.steps / 2}, true};
    return {*tick.readings.load, *tick.power.base_load + tick.power.draws_on, limit, false};
}

Watts added_by(const LoadTick& load) { return load.on ? Watts{} : load.nominal; }

PowerPicture power_picture(const Planned& tick) {
    const Readings& r = tick.readings;
    PowerPicture picture;
    picture.pv = r.pv;
    picture.load = r.load;
    picture.grid = r.grid;
    picture.battery = r.battery_power;
    picture.balance = r.powers;
    picture.discharge_limit = r.bms_amps;
    picture.base_load = tick.power.base_load;
    picture.excess = tick.power.surplus;
    if (tick.power.surplus) picture.available = *tick.power.surplus + full_allowance(tick);
    for (const LoadTick& load : tick.loads) picture.allocated += load.draw;
    return picture;
}

}  // namespace volt
