#include "daemon/loop/shadow_transition.hpp"

#include "rules/outputs/exit.hpp"

namespace volt {

/// Outputs as one turn sees them.
struct ShadowTransition::Transition {
    const Policy& policy;
    const RuleState& state;
    const std::vector<OutputReport>& reports;
    Time now{};

    const OutputWiring& wiring(Index output) const { return policy.outputs[static_cast<std::size_t>(output)]; }
    bool is_followed(const Command& command) const {
        return follows(wiring(command.output), reports[static_cast<std::size_t>(command.output)], command);
    }
};

void ShadowTransition::cancel() {
    phase_ = Phase::none;
    until_.reset();
    fans_ordered_.reset();
}

/// Returns true in the turn that ends this phase. From then on the rules command nothing.
bool ShadowTransition::end_loads(const Transition& transition, Step& step) {
    if (phase_ != Phase::loads) return false;
    if (!until_) until_ = transition.now + limit;
    const std::vector<Index> on = loads_not_off(transition.policy, transition.state, transition.reports);
    if (!on.empty() && transition.now < *until_) return false;
    for (const Index output : on) step.unconfirmed.push_back(transition.wiring(output).id);
    phase_ = Phase::fans;
    return true;
}

void ShadowTransition::order_fans(const Transition& transition, Outputs& outputs, Step& step) {
    if (phase_ != Phase::fans) return;
    const bool late = transition.now >= *until_;
    const bool due = !fans_ordered_ || transition.now - *fans_ordered_ >= try_again;
    const bool first = !fans_ordered_;
    if (due) fans_ordered_ = transition.now;
    bool all = true;
    for (const Command& command : fan_exit_commands(transition.policy, transition.state)) {
        const bool sent = due && outputs.send(static_cast<std::size_t>(command.output), order_of(command, transition.policy));
        if (first) step.commands.emplace_back(command, sent);
        if (transition.is_followed(command) && (sent || !due)) continue;
        all = false;
        if (late) step.unconfirmed.push_back(transition.wiring(command.output).id);
    }
    if (all || late) phase_ = Phase::none;
}

ShadowTransition::Step ShadowTransition::turn(const Policy& policy, const Decision& decision, const SiteSnapshot& snapshot,
                                              Outputs& outputs) {
    Step step;
    if (!active()) return step;
    const Transition transition{policy, decision.next, snapshot.outputs, snapshot.now};
    step.loads_done = end_loads(transition, step);
    if (step.loads_done) {
        const ChargerExit charger = charger_exit(policy, decision.next, Ending::shadow);
        if (charger.on)
            step.commands.emplace_back(*charger.on,
                                       outputs.send(static_cast<std::size_t>(charger.on->output), order_of(*charger.on, policy)));
        step.charger_stays_off = charger.stays_off;
    }
    order_fans(transition, outputs, step);
    left_on_.insert(left_on_.end(), step.unconfirmed.begin(), step.unconfirmed.end());
    step.ended = !active();
    return step;
}

}  // namespace volt
