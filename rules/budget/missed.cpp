#include "rules/budget/missed.hpp"
#include "rules/limits.hpp"

namespace volt {

namespace {

constexpr Duration remembered = 18h;            // since a load ran
constexpr int raised_by = 5, most_raised = 20;  // percent of the bank

NightPlan plan_of(const BudgetView& view, Index load, Time now) {
    NightPlan plan;
    plan.load = load;
    plan.last_ran = now;
    plan.house = view.house;
    plan.sun = view.sun;
    plan.in_bank = view.charge + view.floor;
    return plan;
}

void follow(const BudgetInputs& inputs, NightPlan& plan) {
    const Duration dt = std::min(inputs.elapsed, limits::longest_tick);
    plan.age += dt;
    if (inputs.base_load) plan.used += over(*inputs.base_load, dt);
    if (inputs.pv) plan.come += over(std::max(*inputs.pv, Watts{0}), dt);
    if (inputs.battery_power) plan.given += over(-*inputs.battery_power, dt);
}

MissedNight judge(const NightPlan& plan, const BudgetView& view) {
    const Energy house = plan.used - over(plan.house, plan.age);
    const Energy sun = plan.sun - plan.come;
    const Energy charge = plan.in_bank - plan.given - view.by_voltage.value_or(Energy{});
    MissedNight missed{plan.load, MissedBy::charge, charge};
    if (house > missed.amount) missed = {plan.load, MissedBy::house, house};
    if (sun > missed.amount) missed = {plan.load, MissedBy::sun, sun};
    return missed;
}

}  // namespace

void judge_missed(const BudgetInputs& inputs, const MissedInputs& site, const BudgetView& view, BudgetMemory& budget,
                  MissedMemory& memory) {
    if (!view.set) {
        memory = {};
        return;
    }
    if (memory.plan) follow(inputs, *memory.plan);
    const bool began = site.critical && !memory.was_critical;
    memory.was_critical = site.critical;
    if (began && memory.plan && inputs.now - memory.plan->last_ran <= remembered) {
        memory.missed = judge(*memory.plan, view);
        budget.raised_percent = std::min(budget.raised_percent + raised_by, most_raised);
        memory.plan.reset();
        memory.judged = true;
    }
    if (budget.raised_percent == 0) memory.missed.reset();
    if (site.running == no_index) memory.judged = false;
    if (site.running == no_index || !view.known || memory.judged) return;
    const bool begins = !memory.plan || memory.plan->load != site.running || memory.plan->last_ran < inputs.now - inputs.elapsed;
    if (begins || view.full) memory.plan = plan_of(view, site.running, inputs.now);
    memory.plan->last_ran = inputs.now;
}

}  // namespace volt
