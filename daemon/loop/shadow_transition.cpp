#include "daemon/loop/shadow_transition.hpp"

#include "rules/outputs/exit.hpp"

namespace volt {

/// What one turn knows of the outputs.
struct ShadowTransition::Scene {
    const Policy& policy;
    const Decision& decision;
    const std::vector<OutputReport>& reports;
    Time now{};

    const OutputReport& report(Index output) const { return reports[static_cast<std::size_t>(output)]; }
    const OutputWiring& wiring(Index output) const { return policy.outputs[static_cast<std::size_t>(output)]; }
    const OutputMemory& order(Index output) const { return decision.next.outputs[static_cast<std::size_t>(output)]; }

    /// Unknown is not off.
    bool is_off(Index output) const {
        const OutputMemory& memory = order(output);
        return memory.ordered && !memory.on && memory.confirmed && report(output).state != OutputState::on;
    }
    bool follows(Index output, const Command& command) const {
        if (report(output).confirms_by_sending) return true;
        if (report(output).state != (command.on ? OutputState::on : OutputState::off)) return false;
        return !command.on || wiring(output).kind == OutputKind::relay || report(output).level == command.level;
    }
};

namespace {

std::vector<Index> outputs_of_loads(const Policy& policy) {
    std::vector<Index> outputs;
    for (const Miner& miner : policy.miners)
        if (miner.output != no_index) outputs.push_back(miner.output);
    for (const Zone& zone : policy.zones)
        if (zone.heater != no_index) outputs.push_back(zone.heater);
    return outputs;
}

/// A charger that only an overvoltage keeps off is switched on again. False: it stays off because of the cold.
bool release_charger(const Policy& policy, const Decision& decision, Outputs& outputs) {
    if (policy.charge_output == no_index) return true;
    const auto charger = static_cast<std::size_t>(policy.charge_output);
    const OutputMemory& order = decision.next.outputs[charger];
    if (!order.ordered || order.on) return true;
    if (blocked_by_cold(decision.next.charge)) return false;
    outputs.send(charger, {true, 0, 0s});
    return true;
}

}  // namespace

void ShadowTransition::cancel() {
    phase_ = Phase::none;
    until_.reset();
    fans_ordered_.reset();
}

/// True in the turn that ends this phase: the rules command nothing from now on.
bool ShadowTransition::end_loads(const Scene& scene, Step& step) {
    if (phase_ != Phase::loads) return false;
    if (!until_) until_ = scene.now + limit;
    std::vector<Index> on;
    for (const Index output : outputs_of_loads(scene.policy))
        if (!scene.is_off(output)) on.push_back(output);
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
    for (const Zone& zone : scene.policy.zones) {
        if (zone.fan == no_index) continue;
        const auto command = exit_command(scene.policy, scene.decision.next, zone.fan);
        if (!command) continue;
        const bool sent = due && outputs.send(static_cast<std::size_t>(zone.fan), order_of(*command, scene.policy));
        if (scene.follows(zone.fan, *command) && (sent || !due)) continue;
        all = false;
        if (late) step.unconfirmed.push_back(scene.wiring(zone.fan).id);
    }
    if (all || late) phase_ = Phase::none;
}

ShadowTransition::Step ShadowTransition::turn(const Policy& policy, const Decision& decision, const SiteSnapshot& snapshot,
                                              Outputs& outputs) {
    Step step;
    if (!active()) return step;
    const Scene scene{policy, decision, snapshot.outputs, snapshot.now};
    step.loads_done = end_loads(scene, step);
    if (step.loads_done) step.charger_stays_off = !release_charger(policy, decision, outputs);
    order_fans(scene, outputs, step);
    left_on_.insert(left_on_.end(), step.unconfirmed.begin(), step.unconfirmed.end());
    step.ended = !active();
    return step;
}

}  // namespace volt
