#include "daemon/site/leaving.hpp"

#include <utility>

#include "rules/outputs/exit.hpp"

namespace volt {

namespace {

std::size_t place(Index index) { return static_cast<std::size_t>(index); }

std::vector<Index> outputs_of_loads(const Policy& policy) {
    std::vector<Index> outputs;
    for (const Miner& miner : policy.miners)
        if (miner.output != no_index) outputs.push_back(miner.output);
    for (const Zone& zone : policy.zones)
        if (zone.heater != no_index) outputs.push_back(zone.heater);
    return outputs;
}

/// Unknown is not off.
bool is_off(const LeavingScene& scene, Index output) {
    const OutputMemory& order = scene.decision.next.outputs[place(output)];
    return order.ordered && !order.on && order.confirmed && scene.reports[place(output)].state != OutputState::on;
}

bool follows(const LeavingScene& scene, Index output, const Command& order) {
    const OutputReport& report = scene.reports[place(output)];
    if (report.confirms_by_sending) return true;
    if (report.state != (order.on ? OutputState::on : OutputState::off)) return false;
    return !order.on || scene.policy.outputs[place(output)].kind == OutputKind::relay || report.level == order.level;
}

}  // namespace

bool Leaving::see_loads(const LeavingScene& scene) {
    if (step_ != Step::loads) return false;
    if (!until_) until_ = scene.now + limit;
    std::vector<Index> on;
    for (const Index output : outputs_of_loads(scene.policy))
        if (!is_off(scene, output)) on.push_back(output);
    if (!on.empty() && scene.now < *until_) return false;
    for (const Index output : on) give_up_on(output);
    step_ = Step::fans;
    return true;
}

void Leaving::see_fans(const LeavingScene& scene, const RuleState& state, Outputs& outputs) {
    if (step_ != Step::fans) return;
    const bool late = scene.now >= *until_;
    const bool due = !fans_told_ || scene.now - *fans_told_ >= try_again;
    if (due) fans_told_ = scene.now;
    bool all = true;
    for (const Zone& zone : scene.policy.zones) {
        if (zone.fan == no_index) continue;
        const auto order = exit_command(scene.policy, state, zone.fan);
        if (!order) continue;
        const bool sent = due && outputs.send(place(zone.fan), order_of(*order, scene.policy));
        if (follows(scene, zone.fan, *order) && (sent || !due)) continue;
        all = false;
        if (late) give_up_on(zone.fan);
    }
    if (all || late) step_ = Step::none;
}

std::vector<Index> Leaving::take_unconfirmed() { return std::exchange(unconfirmed_, {}); }

}  // namespace volt
