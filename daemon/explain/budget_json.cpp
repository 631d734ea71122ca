#include "daemon/explain/budget_json.hpp"

#include "daemon/explain/explain_budget.hpp"
#include "daemon/explain/phrase.hpp"

namespace volt::json {

namespace {

Object word_of(BudgetGap gap) {
    switch (gap) {
        case BudgetGap::none: return nullptr;
        case BudgetGap::powers_at_odds: return "powers_at_odds";
        case BudgetGap::bank_wh: return "bank_wh";
        case BudgetGap::house_not_measured: return "house_not_measured";
        case BudgetGap::first_minutes: return "first_minutes";
        case BudgetGap::clock_against_sun: return "clock_against_sun";
        case BudgetGap::no_voltage: return "no_voltage";
        case BudgetGap::no_load: return "no_load";
        case BudgetGap::clock_untrusted: return "clock_untrusted";
        case BudgetGap::no_battery_power: return "no_battery_power";
        case BudgetGap::first_day: return "first_day";
    }
    return nullptr;
}

}  // namespace

Object budget(const SiteView& view) {
    const BudgetView& seen = view.decision().budget;
    if (!seen.set) return nullptr;
    return {{"charge_wh", whole_wh(seen.charge)},
            {"floor_wh", whole_wh(seen.floor)},
            {"room_wh", whole_wh(seen.room)},
            {"counted", seen.counted},
            {"house_w", number(seen.house)},
            {"sun_to_come_wh", whole_wh(seen.sun)},
            {"need_wh", whole_wh(seen.need)},
            {"spare_wh", whole_wh(seen.spare)},
            {"dawn", phrase_clock(seen.times.dawn)},
            {"dusk", phrase_clock(seen.times.dusk)},
            {"full", seen.full},
            {"bridged", seen.bridged},
            {"bridge_left_wh", seen.bridged ? Object(whole_wh(seen.bridge_left)) : Object(nullptr)},
            {"bridge_left_s", seen.bridged ? Object(seen.bridge_time_left / 1s) : Object(nullptr)},
            {"open_wh", whole_wh(seen.open)},
            {"unexplained_w", number_or_null(view.decision().power.balance.unexplained)},
            {"known", seen.known},
            {"why", word_of(seen.gap)},
            {"text", explain_budget(view.scene)}};
}

}  // namespace volt::json
