#include "rules/budget/missed.hpp"
#include "rules/limits.hpp"

namespace volt {

namespace {

constexpr Duration remembered = 18h;            // time since a load ran
constexpr int raised_by = 5, most_raised = 20;  // percent of the bank

NightPlan plan_of(const BudgetView& view, const BudgetMemory& budget, Index load, Time now) {
    NightPlan plan;
    plan.known = true;
    plan.load = load;
    plan.last_ran = now;
    plan.house = view.house;
    plan.sun = view.sun;
    plan.in_bank = budget.bank.counted.value_or(view.charge + view.floor);
    return plan;
}

void follow(const BudgetInputs& inputs, NightPlan& plan) {
    const Duration dt = std::min(inputs.elapsed, limits::longest_tick);
    plan.age += dt;
    if (inputs.base_load) plan.used += over(*inputs.base_load + inputs.unexplained, dt);
    if (inputs.pv) plan.come += over(std::max(*inputs.pv, Watts{0}), dt);
    if (inputs.battery_power) plan.given += over(-*inputs.battery_power, dt);
}

/// Returns the charge by the curve at the current voltage, not at its mean.
Energy left_by_curve(const BudgetInputs& inputs, const Preferences& p) {
    if (!inputs.for_stops) return {};
    return {bank_of(p)->steps * share_of_curve(inputs.for_stops->steps * millionths, p.curve) / millionths};
}

MissedNight judge(const NightPlan& plan, const BudgetInputs& inputs, const MissedInputs& site, const Preferences& p) {
    MissedNight missed{plan.load, site.alarm, {}};
    if (site.alarm != MissedBy::none || !plan.known) return missed;
    const auto blame = [&](MissedBy by, Energy amount) {
        if (amount > missed.amount) missed = {plan.load, by, amount};
    };
    blame(MissedBy::house, plan.used - over(plan.house, plan.age));
    blame(MissedBy::sun, plan.sun - plan.come);
    blame(MissedBy::charge, plan.in_bank - plan.given - left_by_curve(inputs, p));
    return missed;
}

}  // namespace

void judge_missed(const BudgetInputs& inputs, const MissedInputs& site, const Preferences& preferences, const BudgetView& view,
                  BudgetMemory& budget, MissedMemory& memory) {
    if (!view.set) {
        memory = {};
        return;
    }
    if (memory.plan) follow(inputs, *memory.plan);
    const bool began = site.critical && !memory.was_critical;
    memory.was_critical = site.critical;
    if (began && memory.plan && inputs.now - memory.plan->last_ran <= remembered) {
        memory.missed = judge(*memory.plan, inputs, site, preferences);
        budget.raised_percent = std::min(budget.raised_percent + raised_by, most_raised);
        memory.plan.reset();
        memory.judged = true;
    }
    if (budget.raised_percent == 0) memory.missed.reset();
    if (site.running == no_index) memory.judged = false;
    if (site.running == no_index || !view.known || memory.judged) return;
    const bool begins = !memory.plan || memory.plan->load != site.running || memory.plan->last_ran < inputs.now - inputs.elapsed;
    if (begins || view.full) memory.plan = plan_of(view, budget, site.running, inputs.now);
    memory.plan->last_ran = inputs.now;
}

}  // namespace volt
