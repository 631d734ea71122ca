// Gate of the night budget: the energy left after the house has enough until the sun carries it again.
#include "rules/loads/gates.hpp"

namespace volt {

namespace {

constexpr Duration sun_ahead = 30min;  // time of its draw that the sun must still bring for a load that runs on excess

/// Returns true if the bank was full for the hold time, so the load uses power that would be wasted. If the sun is almost gone, a
/// load that runs on excess waits for tomorrow. After a failed start of this kind the load waits first.
bool takes_spilled_sun(const GateContext& ask) {
    if (!held_back_for(ask.tick, ask.m)) return false;
    const BudgetView& plan = ask.tick.budget;
    if (!ask.load.needs_excess || !plan.known || !plan.clock_trusted) return true;
    return plan.sun >= over(ask.load.nominal, sun_ahead);
}

/// Returns true if there was enough spare energy for the hold time.
bool has_enough(const GateContext& ask, Gate& gate) {
    const BudgetView& plan = ask.tick.budget;
    const bool asked = plan.known && !ask.load.needs_excess;
    const Energy spare = plan.spare - over(ask.shared.miners_before, limits::kept_ahead);
    const Energy need = over(ask.load.nominal, limits::kept_ahead);
    ask.m.budget.see(asked && spare >= need, ask.tick.now, ask.tick.readings.starts_begin_again);
    if (!asked) return false;
    gate.unit = Unit::watt_hours;
    gate.have = whole_wh(spare);
    gate.need = whole_wh(need);
    if (spare < need || plan.at_floor) return false;
    const Duration time = ask.tick.policy.control.start_hold;
    if (ask.m.budget.over(ask.tick.now, time)) return true;
    gate.hold = true;
    gate.reason = Reason::hold;
    gate.remaining = ask.m.budget.left(ask.tick.now, time);
    return false;
}

}  // namespace

Gate gate_budget(const GateContext& ask) {
    Gate gate;
    gate.name = GateName::budget;
    gate.reason = Reason::budget;
    if (!ask.tick.budget.set) return gate;
    gate.passes = has_enough(ask, gate);
    // A reserve is enough for a house that was never measured. One glitch while the house is measured opens nothing.
    const bool by_reserve = !ask.tick.budget.known && ask.tick.budget.gap == BudgetGap::house_not_measured &&
                            ask.tick.budget.house_seen == 0ms && ask.tick.policy.preferences.reserve && !ask.load.needs_excess;
    if (by_reserve) gate.passes = true;
    if (gate.passes) return gate;
    const bool spilled = takes_spilled_sun(ask);
    if (!spilled && !ask.forced() && !ask.overvolted()) return gate;
    gate.passes = true;
    gate.waived = true;
    gate.hold = false;
    gate.reason = Reason::budget;
    gate.remaining = std::nullopt;
    return gate;
}

}  // namespace volt
