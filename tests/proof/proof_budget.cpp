// Properties of the night budget: 13, 16, 29.
#include <algorithm>

#include "tests/proof/proof.hpp"

namespace volt::proof {

/// Checks that with a budget nothing starts that voltage, stage or sag forbid, judged by the raw voltage.
void Proof::budget_only_forbids(const Turn& turn) {
    if (!turn.decision.budget.set) return;
    const Preferences& p = turn.policy.preferences;
    const std::optional<Volts>& v = turn.decision.battery.voltage;
    for (std::size_t i = 0; i < turn.policy.miners.size(); ++i) {
        const LoadFacts& f = facts_.of(turn.policy, i);
        if (!f.started || f.forced) continue;
        ++judged_[13];
        const Miner& m = turn.policy.miners[i];
        if (!v || *v < m.start || *v < p.low) fail(13, turn, i, "started by the budget against its voltage");
        else if (turn.decision.battery.degraded && !turn.policy.control.starts_on_fallback)
            fail(13, turn, i, "started by the budget on a fallback source");
    }
}

/// Checks that a load blocked by the budget has its numbers, or a reason for their absence.
void Proof::budget_names_what_is_kept(const Turn& turn) {
    const BudgetView& plan = turn.decision.budget;
    for (std::size_t i = 0; i < turn.policy.miners.size(); ++i) {
        const Verdict& verdict = turn.decision.verdicts[i];
        const Gate* gate = verdict.gates.find(GateName::budget);
        if (verdict.wanted || gate == nullptr || gate->passes) continue;
        ++judged_[16];
        if (!plan.set) fail(16, turn, i, "waits for a budget that is not there");
        const bool by_numbers = plan.known && !turn.policy.miners[i].require_excess_solar;
        if (by_numbers && (!gate->have || !gate->need)) fail(16, turn, i, "waits for the budget without a number");
        if (!plan.known && plan.gap > BudgetGap::first_minutes)
            fail(16, turn, i, "waits for a budget that is not known for no reason");
    }
}

/// At odds no load starts by the budget, and while bank_wh cannot be right only at a full bank. What runs ends, one after the other.
void Proof::nothing_planned_on_wrong_numbers(const Turn& turn) {
    const BudgetView& plan = turn.decision.budget;
    const bool at_odds = turn.decision.power.balance.at_odds, excepted = !at_odds && (plan.full || plan.bridged);
    const bool wrong = plan.set && (at_odds || plan.doubt) && turn.decision.battery.stage != Stage::overvoltage;
    for (std::size_t i = 0; i < turn.policy.miners.size(); ++i) {
        const LoadFacts& f = facts_.of(turn.policy, i);
        std::optional<Time>& since = protected_[Facts::key(turn.policy, i)].unplanned_since;
        if (!wrong || excepted || !f.wanted || f.forced || turn.restarted || turn.edited) since.reset();
        if (!wrong || f.forced) continue;
        ++judged_[29];
        const Gate* gate = turn.decision.verdicts[i].gates.find(GateName::budget);
        if (gate != nullptr && gate->passes && !(f.wanted ? excepted : !at_odds && plan.full))
            fail(29, turn, i, "passes the budget on wrong numbers");
        if (f.wanted && !excepted && !since) since = turn.at;
        const std::int64_t ends = static_cast<std::int64_t>(turn.policy.miners.size()) + 1;
        const Duration most =
            turn.policy.miners[i].min_on + ends * (10 * turn.policy.control.stop_hold + 2 * turn.policy.control.tick);
        if (since && turn.at - *since > most) fail(29, turn, i, "goes on by the budget on wrong numbers");
    }
}

}  // namespace volt::proof
