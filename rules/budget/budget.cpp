#include "rules/budget/budget.hpp"
#include "rules/limits.hpp"

namespace volt {

namespace {

constexpr std::int64_t full_percent = 97;  // percent of the curve; at 120 A, the voltage alone reads full
constexpr std::int64_t full_within_h = 5;  // at the current power
constexpr Duration house_over = 6h;
constexpr std::int64_t house_percent = 115;
constexpr std::int64_t bad_day_percent = 40;  // percent of the darkest of the last bad_days
constexpr std::ptrdiff_t bad_days = 3;
constexpr std::int64_t unknown_day_h = 6;
constexpr Duration against_sun_for = 24h;
constexpr Duration longest_bridge = 60min;  // time since the voltage was last at float

Energy for_hours(Watts power, std::int64_t hours) { return over(power, std::chrono::hours(hours)); }
Energy for_seconds(Watts power, std::int64_t seconds) { return over(power, std::chrono::seconds(seconds)); }

bool is_full(const BudgetInputs& inputs, const Preferences& p, const std::optional<Energy>& by_voltage) {
    if (!sun_carries(inputs) || !inputs.for_starts || *inputs.for_starts < p.float_v) return false;
    if (!p.bank_wh) return true;
    const bool nearly = by_voltage && by_voltage->steps * 100 >= wh(*p.bank_wh).steps * full_percent;
    return nearly && inputs.battery_power->steps * full_within_h <= *p.bank_wh;
}

/// Follows the bridge. Only battery power counts as bridged energy. The time limit covers a meter that reads 0.
void follow_bridge(const BudgetInputs& inputs, const Preferences& p, bool full, BudgetMemory& memory) {
    std::optional<Energy>& given = memory.given;
    const bool at_float = inputs.for_stops && *inputs.for_stops >= p.float_v;
    memory.under_float = at_float ? Duration{} : std::min(memory.under_float + inputs.elapsed, longest_bridge);
    const bool ends = !inputs.battery_power || inputs.elapsed > limits::longest_tick || memory.under_float >= longest_bridge;
    if (p.bridge_wh == 0 || ends) given.reset();
    else if (given) given = std::max(*given - over(*inputs.battery_power, inputs.elapsed), Energy{});
    if (full && p.bridge_wh != 0) given = Energy{};
    if (given && *given >= wh(p.bridge_wh)) given.reset();
}

Watts planned_house(std::int64_t mean) { return {ceil_div(mean * house_percent, 100 * millionths)}; }

Energy lacking_tomorrow(Watts house, const DaysMemory& days) {
    if (days.sums.empty()) return for_hours(house, unknown_day_h);
    const auto last = std::min(bad_days, days.sums.end() - days.sums.begin());
    const Energy darkest = *std::min_element(days.sums.end() - last, days.sums.end());
    return std::max(for_hours(house, 24) - Energy{darkest.steps * bad_day_percent / 100}, Energy{});
}

Energy need_of(const BudgetInputs& inputs, const DaysMemory& days, const BudgetView& view) {
    const Energy lacks = lacking_tomorrow(view.house, days);
    if (!inputs.clock_trusted) return over(view.house, limits::kept_while_clock_unset) + lacks;
    const std::int64_t t = inputs.local.second_of_day;
    const std::int64_t dawn = view.times.dawn, dusk = view.times.dusk;
    const bool risen = has_risen(days, inputs.local);
    if (risen && t < dusk) {
        const Energy night = for_seconds(view.house, day_s - dusk + dawn) + lacks;
        return for_seconds(view.house, dusk - t) + std::min(night, view.room);
    }
    const bool today = !risen && t < dawn;
    return for_seconds(view.house, today ? dawn - t : day_s - t + dawn) + lacks;
}

BudgetGap gap_of(const BudgetInputs& inputs, const BudgetMemory& memory, bool charge_known) {
    if (inputs.at_odds) return BudgetGap::powers_at_odds;
    if (memory.size.doubt) return BudgetGap::bank_wh;
    if (!charge_known) return BudgetGap::no_voltage;
    if (inputs.not_measured) return BudgetGap::house_not_measured;
    if (!memory.house_mean) return BudgetGap::no_load;
    if (memory.house_seen < limits::house_known_after || *memory.house_mean <= 0) return BudgetGap::first_minutes;
    if (!inputs.battery_power) return BudgetGap::no_battery_power;
    if (memory.against_sun > 0ms) return BudgetGap::clock_against_sun;
    if (!inputs.clock_trusted) return BudgetGap::clock_untrusted;
    return memory.days.sums.empty() ? BudgetGap::first_day : BudgetGap::none;
}

/// Returns the charge of the bank. A default curve may belong to another battery: until the bank confirms it, the lower of count
/// and curve counts.
std::optional<Energy> charge_of(const Preferences& p, const BudgetMemory& memory, const BudgetView& view) {
    static const std::vector<CurvePoint> default_curve = Preferences{}.curve;
    if (!memory.bank.counted) return view.by_voltage;
    const bool confirmed = p.curve != default_curve || fits(p, memory.fit);
    return confirmed || !view.by_voltage ? memory.bank.counted : std::min(*memory.bank.counted, *view.by_voltage);
}

/// Plans the charge of the bank and the energy to keep in it. Requires `view.full`.
void plan(const BudgetInputs& inputs, const DayInputs& day, const Preferences& p, const BudgetMemory& memory, BudgetView& view) {
    const Energy bank = wh(*p.bank_wh);
    view.floor = Energy{bank.steps * (p.budget_floor_percent + memory.raised_percent) / 100};
    view.room = bank - view.floor;
    view.counted = memory.bank.counted.has_value();
    const std::optional<Energy> charge = charge_of(p, memory, view);
    view.gap = gap_of(inputs, memory, charge.has_value());
    view.house_seen = memory.house_seen;
    // A known house keeps its value while nothing measures it.
    const bool house = memory.house_mean && memory.house_seen >= limits::house_known_after && *memory.house_mean > 0;
    view.known = charge && house && !inputs.at_odds && !memory.size.doubt;
    view.times = sun_times(memory.days, inputs.utc, inputs.local, inputs.sun);
    view.sun = sun_to_come(day, memory.days, view.times);
    if (charge) view.charge = *charge - view.floor;
    if (memory.house_mean) view.house = planned_house(*memory.house_mean);
    if (!view.known) return;
    view.need = need_of(inputs, memory.days, view);
    view.spare = view.charge + view.sun - view.need;
    view.at_floor = view.charge < Energy{} && inputs.bank_gives;
}

/// Updates the house's mean. It starts once the loads are known, and pauses while the powers are at odds.
void follow_house(const BudgetInputs& inputs, Duration dt, BudgetMemory& memory) {
    if (!inputs.base_load || inputs.at_odds || (!memory.house_mean && !inputs.outputs_known)) return;
    const bool begun = memory.house_mean.has_value();
    if (begun) memory.house_seen = std::min(memory.house_seen + dt, house_over);
    const Watts taken = *inputs.base_load + inputs.unexplained;
    move_mean(memory.house_mean, taken.steps * millionths, dt, std::max(memory.house_seen, Duration{1}));
}

/// Detects sun at night: time zone or clock is wrong, so voltd does not plan the night by them for a day.
void follow_clock(const BudgetInputs& inputs, BudgetMemory& memory) {
    memory.against_sun = std::max(memory.against_sun - inputs.elapsed, Duration{});
    if (inputs.clock_trusted && sun_by_night(inputs.local, inputs.sun, memory.days)) memory.against_sun = against_sun_for;
}

/// Judges if size and curve fit this bank. `closed`: a day ended with this tick.
void judge_fit(const BankInputs& bank, const DayInputs& day, const Preferences& p, bool closed, BudgetView& view,
               BudgetMemory& memory) {
    FitInputs inputs{bank, {}, view.full, {}};
    if (day.clock_trusted) inputs.day = day.local.day;
    if (closed) {
        const Energy house = for_hours(planned_house(memory.house_mean.value_or(0)), 24);
        inputs.closed_sunny = memory.house_mean && !memory.days.sums.empty() && memory.days.sums.newest() >= house;
    }
    learn_fit(inputs, p, memory.bank, memory.fit);
    view.misfit = misfit_of(p, memory.fit);
    view.never_full = !view.misfit && is_never_full(memory.fit);
}

}  // namespace

bool sun_carries(const BudgetInputs& inputs) {
    return inputs.battery_power && *inputs.battery_power >= limits::losing && inputs.pv && inputs.load && inputs.pv->steps > 0 &&
           inputs.pv->steps * 100 >= inputs.load->steps * limits::carried_percent;
}

BudgetView judge_budget(const BudgetInputs& given, const Preferences& preferences, BudgetMemory& memory) {
    BudgetInputs inputs = given;
    BudgetView view;
    view.set = preferences.bank_wh.has_value();
    const Duration dt = std::min(inputs.elapsed, limits::longest_tick);
    DayInputs day{inputs.utc, inputs.local, inputs.sun, inputs.clock_trusted, dt, inputs.pv, inputs.base_load};
    if (view.set) {
        move_means(day, memory.days);
        follow_clock(given, memory);
        if (memory.against_sun > 0ms) inputs.clock_trusted = day.clock_trusted = false;
    }
    view.clock_trusted = inputs.clock_trusted;
    view.against_sun = memory.against_sun > 0ms;
    const BankInputs bank{inputs.now, inputs.elapsed, inputs.for_stops, inputs.battery_power};
    if (view.set) {
        update_mean_voltage(bank, preferences, memory.bank);
        view.by_voltage = charge_by_voltage(preferences, memory.bank);
        follow_house(inputs, dt, memory);
    }
    view.full = is_full(inputs, preferences, view.by_voltage);
    follow_bridge(inputs, preferences, view.full, memory);
    view.bridged = memory.given.has_value();
    if (view.bridged) {
        view.bridge_left = wh(preferences.bridge_wh) - *memory.given;
        view.bridge_time_left = longest_bridge - memory.under_float;
    }
    if (!view.set) {
        memory.bank = {};
        memory.size = {};
        memory.days = {};
        memory.house_mean.reset();
        memory.house_seen = memory.against_sun = {};
        memory.fit = {};
        memory.raised_percent = 0;
        return view;
    }
    day.full = view.full;
    follow_settings(preferences, memory.bank, memory.size);
    const Energy cut = count_charge(bank, preferences, view.full, memory.bank);
    judge_size(bank, preferences, memory.bank, cut, memory.size);
    view.doubt = memory.size.doubt;
    const bool closed = learn_day(day, memory.days);
    if (closed && memory.raised_percent > 0) --memory.raised_percent;
    judge_fit(bank, day, preferences, closed, view, memory);
    view.open = memory.days.open;
    plan(inputs, day, preferences, memory, view);
    return view;
}

}  // namespace volt
