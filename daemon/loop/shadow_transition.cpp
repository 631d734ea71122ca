#include "daemon/loop/shadow_transition.hpp"

#include "rules/outputs/exit.hpp"

namespace volt {

/// What one turn knows of the outputs.
struct ShadowTransition::Scene {
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

/// True in the turn that ends this phase: the rules command nothing from now on.
bool ShadowTransition::end_loads(const Scene& scene, Step& step) {
    if (phase_ != Phase::loads) return false;
    if (!until_) until_ = scene.now + limit;
    const std::vector<Index> on = loads_not_off(scene.policy, scene.state, scene.reports);
    if (!on.empty() && scene.now < *until_) return false;
    for (const Index output : on) step.unconfirmed.push_back(scene.wiring(output).id);
    phase_ = Phase::fans;
    return true;
}

void ShadowTransition::order_fans(const Scene& scene, Outputs& outputs, Step& step) {
    if (phase_ != Phase::fans) return;
    const bool late = scene.now >= *until_;
    const bool due = !fans_ordered_ || scene.now - *fans_ordered_ >= try_again;
    if (due) fans_ordered_ = scene.now;
    bool all = true;
    for (const Command& command : fan_exit_commands(scene.policy, scene.state)) {
        const bool sent = due && outputs.send(static_cast<std::size_t>(command.output), order_of(command, scene.policy));
        if (scene.is_followed(command) && (sent || !due)) continue;
        all = false;
        if (late) step.unconfirmed.push_back(scene.wiring(command.output).id);
    }
    if (all || late) phase_ = Phase::none;
}

ShadowTransition::Step ShadowTransition::turn(const Policy& policy, const Decision& decision, const SiteSnapshot& snapshot,
                                              Outputs& outputs) {
    Step step;
    if (!active()) return step;
    const Scene scene{policy, decision.next, snapshot.outputs, snapshot.now};
    step.loads_done = end_loads(scene, step);
    if (step.loads_done) {
        const ChargerExit charger = charger_exit(policy, decision.next, Ending::shadow);
        if (charger.on) outputs.send(static_cast<std::size_t>(charger.on->output), order_of(*charger.on, policy));
        step.charger_stays_off = charger.stays_off;
    }
    order_fans(scene, outputs, step);
    left_on_.insert(left_on_.end(), step.unconfirmed.begin(), step.unconfirmed.end());
    step.ended = !active();
    return step;
}

}  // namespace volt
