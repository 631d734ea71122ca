#include "daemon/loop/shadow_transition.hpp"

#include <fmt/format.h>

#include "rules/outputs/exit.hpp"

namespace volt {
namespace {

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

ShadowTransition::Step ShadowTransition::turn(const Policy& policy, const Decision& decision, const SiteSnapshot& snapshot,
                                              Outputs& outputs) {
    Step step;
    if (!leaving_.active()) return step;
    const LeavingScene scene{policy, decision, snapshot.outputs, snapshot.now};
    step.loads_done = leaving_.see_loads(scene);
    if (step.loads_done) step.charger_stays_off = !release_charger(policy, decision, outputs);
    leaving_.see_fans(scene, decision.next, outputs);
    for (const Index output : leaving_.take_unconfirmed())
        step.unconfirmed.push_back(policy.outputs[static_cast<std::size_t>(output)].id);
    step.ended = !leaving_.active();
    return step;
}

std::optional<SystemAlarm> idle_charger(const Policy& policy, const Decision& decision, const SiteSnapshot& snapshot) {
    if (policy.charge_output == no_index) return std::nullopt;
    const auto charger = static_cast<std::size_t>(policy.charge_output);
    if (!snapshot.outputs[charger].state_heard || snapshot.outputs[charger].state != OutputState::off) return std::nullopt;
    const std::string& id = policy.outputs[charger].id;
    return SystemAlarm{
        "output_not_following", id,
        fmt::format("{} is off, so its charger does not charge, and shadow mode does not switch it on. Switch it on{}", id,
                    decision.charge.blocked ? " once charging is allowed again" : "")};
}

}  // namespace volt
