// Properties 101 and 102 of exits: the orders if voltd ended, or went to shadow, in this tick.
#include <algorithm>

#include "rules/outputs/exit.hpp"
#include "tests/proof/proof.hpp"

namespace volt::proof {

namespace {

const Command* order_to(const std::vector<Command>& commands, Index output) {
    const auto own = std::find_if(commands.begin(), commands.end(), [&](const Command& c) { return c.output == output; });
    return own == commands.end() ? nullptr : &*own;
}

/// Returns true if a miner of a zone with this fan is on, or may be, by the published verdicts.
bool may_heat_up(const Turn& turn, Index fan) {
    for (std::size_t i = 0; i < turn.policy.miners.size(); ++i) {
        const Index zone = turn.policy.miners[i].zone;
        const LoadState state = turn.decision.verdicts[i].state;
        if (zone != no_index && turn.policy.zones[place(zone)].fan == fan && state != LoadState::off && state != LoadState::fault)
            return true;
    }
    return false;
}

/// Returns the order that the owner's settings require at exit for an output other than the charger, or empty if none.
std::optional<bool> asked_at_exit(const Turn& turn, Index output, bool load, bool loads_off) {
    const OutputWiring& wiring = turn.policy.outputs[place(output)];
    if (load && loads_off) return false;
    if (wiring.on_exit == OnExit::keep) return std::nullopt;
    if (wiring.on_exit == OnExit::off || wiring.safe_state == SafeState::off) return false;
    return wiring.safe_state == SafeState::on || may_heat_up(turn, output);
}

bool blocked_by_the_cold_alone(const ChargeVerdict& charge) {
    return charge.blocked && (charge.reason == ChargeReason::cold || charge.reason == ChargeReason::sensor_lost);
}

}  // namespace

void Proof::exit_orders_are_asked_for(const Turn& turn) {
    const Policy& policy = turn.policy;
    const RuleState& state = turn.decision.next;
    const std::vector<Index> not_off = loads_not_off(policy, state, turn.snapshot.outputs);
    std::set<Index> loads, fans;
    for (std::size_t i = 0; i < load_count(policy); ++i) {
        const Index output = Facts::output_of(policy, i);
        if (output == no_index) continue;
        loads.insert(output);
        const bool counts_as_off = std::find(not_off.begin(), not_off.end(), output) == not_off.end();
        const bool on = turn.decision.verdicts[i].wanted || turn.snapshot.outputs[place(output)].state == OutputState::on;
        if (counts_as_off && on) fail(101, turn, i, "counts as off although it is wanted or reports on");
    }
    for (const Zone& zone : policy.zones) fans.insert(zone.fan);
    for (const bool loads_off : {false, true}) {
        const std::vector<Command> commands = exit_commands(policy, state, loads_off);
        for (std::size_t i = 0; i < policy.outputs.size(); ++i) {
            const auto output = static_cast<Index>(i);
            if (output == policy.charge_output) continue;
            const Command* order = order_to(commands, output);
            const std::optional<bool> asked = asked_at_exit(turn, output, loads.contains(output), loads_off);
            ++judged_[101];
            if (asked.has_value() != (order != nullptr) || (order != nullptr && order->on != *asked))
                fail(101, turn, load_count(policy),
                     "at exit " + policy.outputs[i].id + " is not ordered what its settings ask for");
            if (order == nullptr) continue;
            const std::int32_t full = policy.outputs[i].kind == OutputKind::level ? policy.outputs[i].max_level : 0;
            if (order->level != (order->on ? full : 0))
                fail(101, turn, load_count(policy), "at exit not at the full level, or 0");
        }
        std::set<Index> ordered;
        for (const Command& command : commands)
            if (!ordered.insert(command.output).second) fail(101, turn, load_count(policy), "at exit two orders to one output");
    }
    for (const Command& command : fan_exit_commands(policy, state))
        if (!fans.contains(command.output) || command.on != asked_at_exit(turn, command.output, false, false))
            fail(101, turn, load_count(policy), "on the way to shadow a fan is not ordered what its settings ask for");
}

void Proof::charger_returns_unless_blocked(const Turn& turn) {
    const Index charger = turn.policy.charge_output;
    const RuleState& state = turn.decision.next;
    const ChargeVerdict& charge = turn.decision.charge;
    const std::size_t none = load_count(turn.policy);
    if (charger == no_index) return;
    const std::vector<Command> commands = exit_commands(turn.policy, state, false);
    const Command* order = order_to(commands, charger);
    const bool due = turn.snapshot.charge_test && !charge.blocked;
    if (order != nullptr && !(order->on && due))
        fail(102, turn, none, "at exit the charger is switched without a proof, or blocked");
    if (order == nullptr && due) fail(102, turn, none, "at exit the charger stays off after a proof");
    const OutputMemory& memory = state.outputs[place(charger)];
    const bool off = memory.ordered && !memory.on;
    const bool on = charger_exit(turn.policy, state, Ending::shadow).on.has_value();
    if (on && (!off || blocked_by_the_cold_alone(charge))) fail(102, turn, none, "shadow switches a charger on against the cold");
    const bool free = !charge.blocked || charge.reason == ChargeReason::overvoltage;
    if (off && free && !on) fail(102, turn, none, "shadow leaves the charger off");
    if (off) ++judged_[102];
}

}  // namespace volt::proof
