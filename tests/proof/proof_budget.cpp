// Properties of the night budget: 13, 16.
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

}  // namespace volt::proof
