#include "rules/outputs/exit.hpp"

#include <algorithm>

#include "rules/tick.hpp"

namespace volt {
namespace {

/// Returns true if a miner may run. In shadow only a miner that really runs needs its fan.
bool may_run(const RuleState& state, const std::string& miner) {
    const std::vector<LoadMemory>& loads = state.real.empty() ? state.loads : state.real;
    return std::any_of(loads.begin(), loads.end(), [&](const LoadMemory& load) {
        return load.key == miner && load.state != LoadState::off && load.state != LoadState::fault;
    });
}

bool cools_a_miner(const Policy& policy, const RuleState& state, Index fan) {
    return std::any_of(policy.miners.begin(), policy.miners.end(), [&](const Miner& miner) {
        return miner.zone != no_index && policy.zones[at(miner.zone)].fan == fan && may_run(state, miner.id);
    });
}

/// Returns the outputs of the miners, then of the heaters.
std::vector<Index> outputs_of_loads(const Policy& policy) {
    std::vector<Index> outputs;
    for (const Miner& miner : policy.miners)
        if (miner.output != no_index) outputs.push_back(miner.output);
    for (const Zone& zone : policy.zones)
        if (zone.heater != no_index) outputs.push_back(zone.heater);
    return outputs;
}

bool surely_off(const OutputMemory& order, const OutputReport& report) {
    return order.ordered && !order.on && order.confirmed && report.state != OutputState::on;
}

/// Returns true if voltd keeps the charge output off. At the end of the process a reload may have changed the outputs since the
/// last tick, so their orders do not count.
bool kept_off(const Policy& policy, const RuleState& state, Ending ending) {
    if (ending == Ending::process) return policy.control.live && state.site.charge_tested;
    const OutputMemory& order = state.outputs[at(policy.charge_output)];
    return order.ordered && !order.on;
}

}  // namespace

bool goes_off_at_exit(OnExit on_exit, SafeState safe_state) {
    return on_exit == OnExit::off || (on_exit == OnExit::safe && safe_state == SafeState::off);
}

bool goes_off_when_removed(OnExit on_exit, SafeState safe_state) {
    return on_exit == OnExit::off || safe_state == SafeState::off;
}

std::optional<Command> exit_command(const Policy& policy, const RuleState& state, Index output) {
    const OutputWiring& wiring = policy.outputs[at(output)];
    if (wiring.on_exit == OnExit::keep) return std::nullopt;
    Command command;
    command.output = output;
    command.on =
        wiring.on_exit == OnExit::safe && (wiring.safe_state == SafeState::on ||
                                           (wiring.safe_state == SafeState::automatic && cools_a_miner(policy, state, output)));
    if (command.on && wiring.kind == OutputKind::level) command.level = wiring.max_level;
    return command;
}

std::vector<Command> exit_commands(const Policy& policy, const RuleState& state, bool loads_off) {
    const std::vector<Index> loads = outputs_of_loads(policy);
    const ChargerExit charger = charger_exit(policy, state, Ending::process);
    std::vector<Command> commands;
    for (std::size_t i = 0; i < policy.outputs.size(); ++i) {
        const auto output = static_cast<Index>(i);
        std::optional<Command> command = exit_command(policy, state, output);
        if (loads_off && std::find(loads.begin(), loads.end(), output) != loads.end()) command = Command{.output = output};
        if (charger.on && charger.on->output == output) command = charger.on;
        if (command) commands.push_back(*command);
    }
    return commands;
}

ChargerExit charger_exit(const Policy& policy, const RuleState& state, Ending ending) {
    if (policy.charge_output == no_index || !kept_off(policy, state, ending)) return {};
    if (blocked_by_cold(state.charge)) return {std::nullopt, true};
    if (ending == Ending::process && state.charge.overvoltage) return {};
    return {Command{.output = policy.charge_output, .on = true}, false};
}

std::vector<Index> loads_not_off(const Policy& policy, const RuleState& state, const std::vector<OutputReport>& reports) {
    std::vector<Index> outputs = outputs_of_loads(policy);
    std::erase_if(outputs, [&](Index output) { return surely_off(state.outputs[at(output)], reports[at(output)]); });
    return outputs;
}

std::vector<Command> fan_exit_commands(const Policy& policy, const RuleState& state) {
    std::vector<Command> commands;
    for (const Zone& zone : policy.zones) {
        if (zone.fan == no_index) continue;
        if (const auto command = exit_command(policy, state, zone.fan)) commands.push_back(*command);
    }
    return commands;
}

bool follows(const OutputWiring& wiring, const OutputReport& report, const Command& command) {
    if (report.confirms_by_sending) return true;
    if (report.state != (command.on ? OutputState::on : OutputState::off)) return false;
    return !command.on || wiring.kind == OutputKind::relay || report.level == command.level;
}

}  // namespace volt
