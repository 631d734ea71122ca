#include "rules/loads/stops.hpp"

#include <algorithm>

#include "rules/battery/bank.hpp"
#include "rules/limits.hpp"
#include "rules/loads/allowance.hpp"
#include "rules/loads/heaters.hpp"
#include "rules/loads/runs.hpp"
#include "rules/outputs/orders.hpp"

namespace volt {

namespace {

constexpr Watts far_short{2000};  // a shortfall of this much does not wait for min_on_s
constexpr Volts under_float = 50_cV;
constexpr Duration overload_hold = 5s;
constexpr int budget_holds = 10;  // multiple of `stop_hold_s`
constexpr Duration fault_lasts = 1h;

struct Stopping {
    Stopped& tick;
    std::size_t index;
    const LoadTick& load;
    LoadMemory& m;
    LoadStop& stop;
};

bool over(const Stopping& s, const Hold& hold) { return hold.over(s.tick.now, s.tick.policy.control.stop_hold); }
bool over(const Stopping& s, const ProtectingHold& hold) { return hold.over(s.tick.policy.control.stop_hold); }
std::optional<Duration> left(const Stopping& s, const Hold& hold) {
    return hold.left(s.tick.now, s.tick.policy.control.stop_hold);
}
std::optional<Duration> left(const Stopping& s, const ProtectingHold& hold) { return hold.left(s.tick.policy.control.stop_hold); }

void show(const Stopping& s, std::optional<std::int64_t> have, std::optional<std::int64_t> need, Unit unit) {
    s.stop.have = have;
    s.stop.need = need;
    s.stop.unit = unit;
}

/// Shows the voltage and the limit it crossed, if that stops the load.
void show_limit(const Stopping& s, Reason reason) {
    const Preferences& p = s.tick.policy.preferences;
    const std::optional<Volts> v = s.tick.readings.for_stops;
    if (!v) return;
    if (reason == Reason::shutdown) show(s, v->steps, p.shutdown.steps, Unit::volts);
    if (reason == Reason::critical) show(s, v->steps, p.critical_low.steps, Unit::volts);
    if (reason == Reason::emergency) show(s, v->steps, s.load.miner->emergency.steps, Unit::volts);
}

/// Shows the time until the hold or min_on_s is over.
template <class AnyHold>
void show_wait(const Stopping& s, const AnyHold& hold, bool min_on) {
    if (!over(s, hold)) s.stop.remaining = left(s, hold);
    else if (min_on && s.m.on_since) s.stop.remaining = left_until(*s.m.on_since + s.load.min_on, s.tick.now);
}

bool runtime_reached(const Stopping& s) {
    const Miner* miner = s.load.miner;
    if (miner == nullptr) return false;
    if (miner->max_runtime_day && s.m.runtime_today >= *miner->max_runtime_day) return true;
    if (!miner->max_continuous || !s.m.on_since || s.tick.now - *s.m.on_since < *miner->max_continuous) return false;
    s.m.continuous_reached = true;
    return true;
}

bool faulty(const Stopping& s) {
    if (s.load.output == no_index) return true;
    OutputMemory& order = s.tick.order_of(s.load);
    if (!live(s.tick) || !on_failed(order, s.tick.output_of(s.load), s.tick.now)) return false;
    order.fault_until = s.tick.now + fault_lasts;
    return true;
}

void show_voltage(const Stopping& s) {
    const Volts limit = s.stop.by_reserve ? *s.tick.policy.preferences.reserve : s.load.miner->stop;
    show(s, s.tick.readings.for_stops->steps, limit.steps, Unit::volts);
}

/// Updates the hold for a voltage under the stop voltage, or under the reserve while the battery supplies power.
void update_low_voltage(const Stopping& s) {
    const std::optional<Volts> v = s.tick.readings.for_stops;
    const Duration time = s.tick.policy.control.stop_hold;
    if (!v) {
        if (s.m.low_voltage) s.m.low_voltage.see(true, s.tick.elapsed, time);  // blind: a running hold continues
        return;
    }
    const std::optional<Volts> reserve = s.tick.policy.preferences.reserve;
    const bool low = *v < s.load.miner->stop;
    const bool under_reserve = reserve && *v < *reserve && s.tick.readings.powers.bank_gives;
    const bool by_reserve = under_reserve && !s.tick.budget.bridged;
    if (under_reserve && s.tick.budget.bridged) s.stop.held_by_bridge = true;
    s.m.low_voltage.see(low || by_reserve, s.tick.elapsed, time);
    s.stop.fails_voltage = low || by_reserve;
    s.stop.by_reserve = by_reserve && !low;
    if (s.stop.fails_voltage) show_voltage(s);
}

/// Returns true if the voltage is so low that min_on_s no longer applies.
bool voltage_is_deep(const Stopping& s) {
    const Volts v = *s.tick.readings.for_stops;
    if (v < s.tick.policy.preferences.low) return true;
    return v.steps * 2 <= (s.load.miner->stop + s.load.miner->emergency).steps;
}

void judge_voltage(const Stopping& s, bool min_on) {
    if (!s.stop.fails_voltage) return;
    const bool waits = min_on && !voltage_is_deep(s);
    show_wait(s, s.m.low_voltage, waits);
    if (!over(s, s.m.low_voltage)) return;
    if (waits) s.stop.wait_min_on(Reason::voltage);
    else s.stop.voltage_ready = true;
}

/// Updates a hold and applies its reason once it is over. `waits`: min_on_s delays it.
void judge_held(const Stopping& s, Reason reason, Hold& hold, bool fails, bool waits) {
    hold.see(fails, s.tick.now);
    if (!fails) return;
    if (!s.stop.remaining) show_wait(s, hold, waits);
    if (!over(s, hold)) return;
    if (waits) s.stop.wait_min_on(reason);
    else s.stop.take(reason);
}

/// Returns the headroom that `power` requires, or empty if unknown: then voltage alone decides.
std::optional<Watts> headroom_of(const Stopping& s) {
    if (s.tick.power.surplus) return s.stop.room.headroom;
    return denied_in_doubt(s.tick, s.load, true) ? std::optional<Watts>{Watts{0}} : std::nullopt;
}

void see_power(const Stopping& s) {
    const std::optional<Watts> headroom = headroom_of(s);
    s.stop.fails_power = headroom && s.load.draw - *headroom > s.tick.policy.control.power_hysteresis;
}

void see_sun(const Stopping& s) {
    const Miner& miner = *s.load.miner;
    const Readings& r = s.tick.readings;
    s.stop.fails_sun = miner.minimum_solar && (!r.pv || *r.pv < *miner.minimum_solar);
    const Watts least = miner.minimum_excess - s.tick.policy.control.excess_hysteresis;
    s.stop.fails_excess = s.load.needs_excess && (!s.tick.power.surplus || s.stop.room.excess < least);
    s.stop.fails_weather = !s.load.heat_asked && !weather_suits(s.tick.policy, r, miner);
    s.stop.fails_schedule =
        s.tick.snapshot.clock_trusted && !miner.allow_outside_schedule && !s.load.in_window && !s.load.heat_asked;
}

void show_power(const Stopping& s) {
    show(s, headroom_of(s).value_or(s.stop.room.headroom).steps, (s.load.draw - s.tick.policy.control.power_hysteresis).steps,
         Unit::watts);
}

void show_sun(const Stopping& s) {
    show(s, s.tick.readings.pv ? std::optional<std::int64_t>{s.tick.readings.pv->steps} : std::nullopt,
         s.load.miner->minimum_solar->steps, Unit::watts);
}

void show_excess(const Stopping& s) {
    show(s, s.tick.power.surplus ? std::optional<std::int64_t>{s.stop.room.excess.steps} : std::nullopt,
         (s.load.miner->minimum_excess - s.tick.policy.control.excess_hysteresis).steps, Unit::watts);
}

void show_supply(const Stopping& s) {
    if (s.stop.fails_voltage || s.stop.spared) return;
    if (s.stop.fails_power) show_power(s);
    else if (s.stop.fails_sun) show_sun(s);
    else if (s.stop.fails_excess) show_excess(s);
}

/// Shows the numbers and remaining time of the reason that waits for min_on_s, if any.
void show_waiting(const Stopping& s) {
    if (!s.stop.waits_min_on) return;
    const Reason reason = *s.stop.waits_min_on;
    if (reason != Reason::voltage) show(s, std::nullopt, std::nullopt, Unit::none);
    if (reason == Reason::power) show_power(s);
    if (reason == Reason::sun) show_sun(s);
    if (reason == Reason::excess) show_excess(s);
    s.stop.remaining = left_until(*s.m.on_since + s.load.min_on, s.tick.now);
}

/// Judges the budget with ten times the usual hold, so that one cloud does not stop the load.
void judge_budget(const Stopping& s, bool min_on) {
    const BudgetView& budget = s.tick.budget;
    const bool short_of_it = s.load.needs_excess || budget.spare < Energy{} || budget.at_floor;
    // A bank above its limit needs the load that overvoltage started.
    const bool relieves = s.load.needs_excess && s.tick.stage.stage == Stage::overvoltage;
    // With powers at odds or a wrong size there is no plan, and a load must not run on an old one.
    const bool unplanned =
        budget.set && (budget.gap == BudgetGap::powers_at_odds || budget.gap == BudgetGap::bank_wh) && !s.load.forced_on;
    const bool fails = !budget.full && !relieves && (unplanned || (budget.known && short_of_it));
    s.stop.fails_budget = fails && !budget.bridged;
    if (fails && budget.bridged) s.stop.held_by_bridge = true;
    s.m.over_budget.see(s.stop.fails_budget, s.tick.now);
    const Duration time = budget_holds * s.tick.policy.control.stop_hold;
    if (!s.stop.fails_budget) return;
    const bool waits = !s.m.over_budget.over(s.tick.now, time);
    if (waits && !s.stop.remaining && !s.stop.fails_voltage) s.stop.remaining = s.m.over_budget.left(s.tick.now, time);
    if (waits) return;
    if (min_on) s.stop.wait_min_on(Reason::budget);
    else s.stop.budget_ready = true;
}

/// Judges budget, power, sun, excess, weather and schedule of a miner. An `on` override waives them all.
void judge_supply(const Stopping& s, bool min_on) {
    see_power(s);
    see_sun(s);
    if (s.load.forced_on) {
        s.m.no_power = s.m.no_sun = s.m.no_excess = s.m.no_weather = s.m.over_budget = Hold{};
        return;
    }
    s.stop.spared = spared(s.tick);
    show_supply(s);
    judge_budget(s, min_on);
    const bool acts = !s.stop.spared;
    const bool far = s.load.draw - headroom_of(s).value_or(s.stop.room.headroom) >= far_short;
    judge_held(s, Reason::power, s.m.no_power, s.stop.fails_power && acts, min_on && !far);
    judge_held(s, Reason::sun, s.m.no_sun, s.stop.fails_sun && acts, min_on);
    judge_held(s, Reason::excess, s.m.no_excess, s.stop.fails_excess && acts, min_on);
    judge_held(s, Reason::weather, s.m.no_weather, s.stop.fails_weather, min_on);
    if (s.stop.fails_schedule && min_on) s.stop.wait_min_on(Reason::schedule);
    if (s.stop.fails_schedule && !min_on) s.stop.take(Reason::schedule);
}

void judge(Stopped& tick, std::size_t index) {
    const Stopping s{tick, index, tick.loads[index], tick.memory(index), tick.stops[index]};
    if (const std::optional<Reason> reason = immediate_stop(tick, index)) {
        s.stop.take(*reason);
        show_limit(s, *reason);
    }
    if (faulty(s)) s.stop.take(Reason::fault);
    if (runtime_reached(s)) s.stop.take(Reason::runtime);
    const bool min_on = in_min_on(tick, index);
    if (s.load.miner == nullptr) {
        judge_heater_stop(tick, index, min_on);
        return;
    }
    update_low_voltage(s);
    judge_voltage(s, min_on);
    judge_supply(s, min_on);
    show_waiting(s);
}

/// Shows the numbers of the reason that stops the load, not of another one that fails too.
void show_decided(const Stopping& s) {
    if (s.load.miner == nullptr) return;
    show(s, std::nullopt, std::nullopt, Unit::none);
    switch (*s.stop.acts) {
        case Reason::shutdown:
        case Reason::critical:
        case Reason::emergency: return show_limit(s, *s.stop.acts);
        case Reason::voltage: return show_voltage(s);
        case Reason::power: return show_power(s);
        case Reason::sun: return show_sun(s);
        case Reason::excess: return show_excess(s);
        default: return;
    }
}

/// Stops the last in order among the loads that stop by voltage, and restarts the holds of the others. Under voltage_low all stop
/// at once.
void choose_by_voltage(Stopped& tick) {
    const std::vector<Index>& order = tick.state.site.order;
    const std::optional<Volts> v = tick.readings.for_stops;
    const bool all = v && *v < tick.policy.preferences.low;
    Index chosen = no_index;
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
        if (!tick.stops[at(*it)].voltage_ready || (chosen != no_index && !all)) continue;
        tick.stops[at(*it)].take(Reason::voltage);
        chosen = *it;
    }
    if (chosen == no_index || all) return;
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        if (static_cast<Index>(i) != chosen) tick.memory(i).low_voltage.begin_again();
    }
}

/// Stops the last in order among the loads that stop by the budget, and restarts the holds of the others.
void choose_by_budget(Stopped& tick) {
    const std::vector<Index>& order = tick.state.site.order;
    const auto ready = [&](Index i) { return tick.stops[at(i)].budget_ready; };
    const auto chosen = std::find_if(order.rbegin(), order.rend(), ready);
    if (chosen == order.rend()) return;
    tick.stops[at(*chosen)].take(Reason::budget);
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        Hold& hold = tick.memory(i).over_budget;
        if (static_cast<Index>(i) != *chosen && hold.since) hold.since = tick.now;
    }
}

/// Returns true if an OFF is ordered, not yet confirmed, and not given up.
bool off_in_flight(const Observed& tick) {
    for (const LoadTick& load : tick.loads) {
        if (load.output == no_index) continue;
        const OutputMemory& order = tick.order_of(load);
        if (order.ordered && !order.on && !order.confirmed && !order.not_following && order.ordered_at) return true;
    }
    return false;
}

std::optional<Time> last_off(const Observed& tick) {
    std::optional<Time> last;
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        const std::optional<Time> off = tick.memory(i).off_since;
        if (off && (!last || *off > *last)) last = off;
    }
    return last;
}

/// Returns true if the site load has exceeded the inverter's short-time limit for its hold.
bool overloaded(Stopped& tick) {
    const std::optional<Watts> load = tick.readings.load;
    ProtectingHold& hold = tick.state.site.overload;
    std::optional<bool> beyond;
    if (load) beyond = load->steps * 100 > tick.policy.preferences.inverter_max.steps * limits::overload_percent;
    hold.see(beyond, tick.elapsed, overload_hold);
    return beyond.value_or(false) && hold.over(overload_hold);
}

/// Stops the last load in order if the inverter is overloaded. The next one stops only after a newer reading of the site load.
void relieve_inverter(Stopped& tick) {
    if (off_in_flight(tick)) return;
    const std::optional<Time> off = last_off(tick);
    if (off && tick.readings.load_taken <= *off) return;
    const std::vector<Index>& order = tick.state.site.order;
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
        if (!tick.memory(at(*it)).wanted || tick.loads[at(*it)].changed) continue;
        LoadStop& victim = tick.stops[at(*it)];
        victim.have = tick.readings.load->steps;
        victim.need = overload_limit(tick.policy.preferences).steps;
        victim.unit = Unit::watts;
        return stop(tick, at(*it), Reason::inverter);
    }
}

}  // namespace

bool in_min_on(const Observed& tick, std::size_t load) {
    const std::optional<Time> on = tick.memory(load).on_since;
    return on && tick.now - *on < tick.loads[load].min_on;
}

bool spared(const Planned& tick) {
    if (tick.power.carried || tick.budget.bridged) return true;
    const std::optional<Time> start = tick.state.site.held_start_at;
    const std::optional<Volts> v = tick.readings.for_stops;
    return start && tick.now - *start < tick.policy.control.settle && v &&
           *v >= tick.policy.preferences.float_v - scaled(under_float, tick.policy.preferences);
}

std::optional<Reason> immediate_stop(const Judged& tick, std::size_t index) {
    const LoadTick& load = tick.loads[index];
    const LoadMemory& m = tick.state.loads[index];
    if (no_load_may_run(tick)) return Reason::mode_off;
    if (tick.stage.stage == Stage::shutdown) return Reason::shutdown;
    if (tick.stage.stage == Stage::critical) return Reason::critical;
    const std::optional<Volts> v = tick.readings.for_stops;
    if (load.miner != nullptr && v && *v <= load.miner->emergency) return Reason::emergency;
    if (load.miner != nullptr && load.zone_index != no_index && tick.zones[at(load.zone_index)].tripped) return Reason::trip;
    if (tick.stage.blind_too_long) return Reason::blind;
    if (m.override_ == OverrideKind::off || load.trial_over) return Reason::override_off;
    if (!load.enabled) return Reason::disabled;
    return std::nullopt;
}

void stop(Observed& tick, std::size_t load, Reason reason) {
    end_run(tick, load, reason);
    LoadTick& now = tick.loads[load];
    if (now.output == no_index) now.counts = now.on = false;
}

void judge_stops(Stopped& tick) {
    for (std::size_t i = 0; i < tick.loads.size(); ++i)
        if (tick.memory(i).wanted && !tick.loads[i].changed) judge(tick, i);
    choose_by_voltage(tick);
    choose_by_budget(tick);
    bool any = false;
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        if (!tick.stops[i].acts) continue;
        show_decided({tick, i, tick.loads[i], tick.memory(i), tick.stops[i]});
        stop(tick, i, *tick.stops[i].acts);
        any = true;
    }
    const bool over = overloaded(tick);
    if (over && !any) relieve_inverter(tick);
}

}  // namespace volt
