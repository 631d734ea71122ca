// Sentences about the night budget.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/explain/explain_budget.hpp"
#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/phrase.hpp"
#include "drivers/text.hpp"
#include "rules/limits.hpp"

namespace volt {

namespace {

/// Returns the energy above the bank's floor plus the sun still expected.
Energy available(const BudgetView& budget) { return std::max(budget.charge + budget.sun, Energy{}); }
/// Returns the energy that the plan keeps: all the house needs, or everything available.
Energy kept(const BudgetView& budget) { return std::min(budget.need, available(budget)); }

std::string until_dawn(const BudgetView& budget) {
    if (!budget.clock_trusted) return "for the next " + phrase(limits::kept_while_clock_unset);
    return "until " + phrase_clock(budget.times.dawn);
}

std::string why_unknown(const BudgetView& budget) {
    switch (budget.gap) {
        case BudgetGap::powers_at_odds: return "the powers do not add up";
        case BudgetGap::bank_wh: return "bank_wh cannot be right";
        case BudgetGap::house_not_measured: return "the house is not measured; set reserve_voltage";
        case BudgetGap::first_minutes:
            return "learning, day 1; " + fmt::format("the house was measured for {} of {}", phrase(budget.house_seen),
                                                     phrase(limits::house_known_after));
        case BudgetGap::no_voltage: return "the battery voltage is missing";
        case BudgetGap::no_load: return "the site load was never measured";
        case BudgetGap::none:
        case BudgetGap::clock_untrusted:
        case BudgetGap::clock_against_sun:
        case BudgetGap::no_battery_power:
        case BudgetGap::first_day: break;
    }
    return "it is being calculated";
}

/// Returns what would make an unknown budget known.
std::string what_is_missing(const BudgetView& budget) {
    switch (budget.gap) {
        case BudgetGap::powers_at_odds: return "power readings that add up (see `voltctl alarms`)";
        case BudgetGap::bank_wh: return "a bank_wh that fits the bank (see `voltctl alarms`)";
        case BudgetGap::first_minutes: return fmt::format("the house measured for {}", phrase(limits::house_known_after));
        default: return "a usable battery voltage and site load (see `voltctl alarms`)";
    }
}

std::string unknown(const BudgetView& budget) { return "The night budget is not known: " + why_unknown(budget); }

/// Returns the reason the plan is uncertain: no clock, or no full day of data yet.
std::string note(const BudgetView& budget) {
    if (!budget.clock_trusted)
        return fmt::format(" (the clock is not set, so {} are kept)", phrase(limits::kept_while_clock_unset));
    return budget.gap == BudgetGap::first_day ? " (learning, day 1)" : "";
}

/// Returns "Keeps 9.1 kWh for the house until 07:40; 3.2 kWh left for loads".
std::string enough(const BudgetView& budget, std::int64_t spare_wh) {
    return fmt::format("Keeps {} for the house {}; {} left for loads", phrase_wh(whole_wh(kept(budget))), until_dawn(budget),
                       phrase_wh(spare_wh));
}

/// Returns "10.3 kWh available; the house needs 11.3 kWh until 07:40".
std::string against_need(const BudgetView& budget) {
    return fmt::format("{} available; the house needs {} {}", phrase_wh(whole_wh(available(budget))),
                       phrase_wh(whole_wh(budget.need)), until_dawn(budget));
}

/// Rounds up to the displayed precision, so that the displayed amount is enough.
std::string more_wh(std::int64_t amount) { return phrase_wh(amount < 1000 ? amount : ceil_div(amount, 100) * 100); }

std::string charge_percent(const ExplainContext& scene) {
    const std::optional<std::int64_t> bank = scene.policy.preferences.bank_wh;
    if (!bank) return "unknown";
    const Energy charge = scene.decision.budget.charge + scene.decision.budget.floor;
    return fmt::format("{} %", std::clamp<std::int64_t>(charge.steps * 100 / wh(*bank).steps, 0, 100));
}

/// Returns a curve point in the format of `prefs set`: "52.60:56".
std::string curve_point(const Misfit::Day& day) {
    return fmt::format("{}.{:02}:{}", day.point.voltage.steps / 100, day.point.voltage.steps % 100, day.by_count);
}

/// Describes a bank size that cannot be right.
std::string doubt_text(const SizeDoubt& doubt, const Preferences& p) {
    constexpr const char* large = "bank_wh is too large, or the curve is another battery's";
    if (doubt.too_large && doubt.seen < 2)
        return fmt::format(
            "According to its voltage, the bank loses more than it delivers: "
            "{}",
            large);
    if (doubt.too_large)
        return fmt::format("According to its voltage, the bank loses {} times what it delivers: {}", doubt.seen, large);
    return fmt::format("{} flow {} a bank of {}: bank_wh is too small", phrase_kw(abs(Watts{doubt.seen}).steps),
                       doubt.seen < 0 ? "out of" : "into", phrase_wh(p.bank_wh.value_or(0)));
}

}  // namespace

std::string explain_budget(const ExplainContext& scene) {
    const BudgetView& budget = scene.decision.budget;
    if (!budget.set) return {};
    if (!budget.known) return unknown(budget);
    const std::int64_t spare = whole_wh(budget.spare);
    const std::string plan =
        spare < 0 ? against_need(budget) + fmt::format(", so {} short", phrase_wh(-spare)) : enough(budget, spare);
    return plan + note(budget);
}

std::string explain_budget_wait(const ExplainContext& scene, std::size_t load, const Gate& gate) {
    const BudgetView& budget = scene.decision.budget;
    const Miner* miner = parts::miner_of(scene.policy, load);
    if (!budget.known) return unknown(budget);
    if (miner != nullptr && miner->require_excess_solar) {
        if (scene.decision.budget.full) return "Too little sun is left today for a run";
        return fmt::format("Waits until the bank is full (charge {})", charge_percent(scene));
    }
    if (budget.at_floor) return fmt::format("The bank is at its floor of {}", phrase_wh(whole_wh(budget.floor)));
    if (!gate.have || !gate.need) return unknown(budget);
    if (*gate.have >= *gate.need) return enough(budget, *gate.have) + parts::left(gate.remaining);
    return against_need(budget) +
           fmt::format(", so {} short of a run of {}", phrase_wh(*gate.need - *gate.have), phrase(limits::kept_ahead)) +
           note(budget);
}

std::string explain_budget_stop(const ExplainContext& scene, std::size_t load) {
    const BudgetView& budget = scene.decision.budget;
    const Miner* miner = parts::miner_of(scene.policy, load);
    if (miner != nullptr && miner->require_excess_solar && budget.spare >= Energy{})
        return fmt::format("The bank is no longer full (charge {})", charge_percent(scene));
    if (budget.at_floor) return fmt::format("The bank is at its floor of {}", phrase_wh(whole_wh(budget.floor)));
    return fmt::format("The house needs the remaining {} {}", phrase_wh(whole_wh(kept(budget))), until_dawn(budget));
}

std::string explain_budget_flip(const ExplainContext& scene, std::size_t load, const Gate& gate) {
    const BudgetView& budget = scene.decision.budget;
    const Miner* miner = parts::miner_of(scene.policy, load);
    if (!budget.known) return what_is_missing(budget);
    if (miner != nullptr && miner->require_excess_solar) return "a full bank, with sun still to come";
    const std::int64_t lacking = gate.have && gate.need ? *gate.need - *gate.have : 0;
    const std::int64_t under_floor = budget.at_floor ? -whole_wh(budget.charge) : 0;
    if (lacking <= 0) return fmt::format("{} more in the bank, or a bank that is no longer discharging", more_wh(under_floor));
    return fmt::format("{} more, from the sun or a lower house load", more_wh(std::max(lacking, under_floor)));
}

std::string explain_night(const ExplainContext& scene, std::size_t load) {
    const BudgetView& budget = scene.decision.budget;
    const Miner* miner = parts::miner_of(scene.policy, load);
    const Verdict& verdict = scene.decision.verdicts[load];
    if (!budget.known || miner == nullptr) return {};
    if (verdict.override_ == OverrideKind::on && !budget.full)
        return fmt::format("uses {} per hour of the {} kept for the house", phrase_wh(ceil_div(miner->power.steps, 100) * 100),
                           phrase_wh(whole_wh(kept(budget))));
    const Gate* gate = verdict.gates.find(GateName::budget);
    if (verdict.reason != Reason::budget && (gate == nullptr || gate->passes)) return {};
    return fmt::format("the bank holds {} above its floor, {} of sun still expected today; the house needs {} {} ({} planned)",
                       phrase_wh(whole_wh(budget.charge)), phrase_wh(whole_wh(budget.sun)), phrase_wh(whole_wh(budget.need)),
                       until_dawn(budget), phrase(budget.house));
}

std::string explain_misfit(const ExplainContext& scene) {
    const std::optional<Misfit>& misfit = scene.decision.budget.misfit;
    if (const std::optional<SizeDoubt>& doubt = scene.decision.budget.doubt) return doubt_text(*doubt, scene.policy.preferences);
    if (!misfit) return "The bank does not match its settings";
    const Misfit::Day& last = misfit->days.back();
    const std::string points = comma_list(misfit->days, [](const Misfit::Day& day) { return curve_point(day); });
    const std::string seen = fmt::format(
        "The energy from the bank does not match bank_wh and voltage_curve, {} times {}: the last time it gave {}, "
        "which leaves {} %, but voltage_curve reads {} % at {}",
        misfit->days.size(), misfit->from_full_to_full ? "between two full charges" : "at rest",
        phrase_wh(whole_wh(last.point.given)), last.by_count, last.by_curve, phrase(last.point.voltage));
    const std::string curve = fmt::format("{}. If the bank is labeled {}, these points of voltage_curve would fit: {}", seen,
                                          phrase_wh(scene.policy.preferences.bank_wh.value_or(0)), points);
    return misfit->bank_wh ? fmt::format("{}; if not, bank_wh={} would", curve, *misfit->bank_wh) : curve;
}

std::string explain_never_full(const ExplainContext& scene) {
    return fmt::format(
        "The bank has not been full for {} days, although at least one was sunny: the charger may stop below the float voltage "
        "of {}, or below the end of the curve",
        limits::days_not_full, phrase(scene.policy.preferences.float_v));
}

Energy given_by_bridge(const ExplainContext& scene) {
    const BudgetView& budget = scene.decision.budget;
    return budget.bridged && !budget.full ? wh(scene.policy.preferences.bridge_wh) - budget.bridge_left : Energy{};
}

std::string explain_bridge(const ExplainContext& scene) {
    const BudgetView& budget = scene.decision.budget;
    const std::int64_t given = whole_wh(given_by_bridge(scene));
    const auto kwh = [](std::int64_t wh) { return fmt::format("{}.{:02}", wh / 1000, wh / 10 % 100); };
    return fmt::format("Runs on the full bank: {} of {} kWh used, {} left", kwh(given), kwh(scene.policy.preferences.bridge_wh),
                       phrase(budget.bridge_time_left));
}

std::string explain_missed_night(const MissedNight& missed) {
    const std::string amount = phrase_wh(whole_wh(missed.amount));
    switch (missed.by) {
        case MissedBy::none: return {};
        case MissedBy::powers_at_odds: return "the powers did not add up";
        case MissedBy::house_not_measured: return "the house was not measured";
        case MissedBy::clock_against_sun: return "time zone or clock is wrong";
        case MissedBy::bank_misfit: return "bank_wh or the curve does not fit the bank";
        case MissedBy::house: return fmt::format("the house used {} more than planned", amount);
        case MissedBy::sun: return fmt::format("the sun brought {} less than planned", amount);
        case MissedBy::charge: break;
    }
    return fmt::format("the bank held {} less than bank_wh, or the curve belongs to another battery", amount);
}

}  // namespace volt
