#include "rules/outputs/exit.hpp"

#include <algorithm>

#include "rules/tick.hpp"

namespace volt {
namespace {

/// In shadow only a miner that really runs needs its fan.
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

bool serves_a_load(const Policy& policy, Index output) {
    return std::any_of(policy.miners.begin(), policy.miners.end(), [&](const Miner& miner) { return miner.output == output; }) ||
           std::any_of(policy.zones.begin(), policy.zones.end(), [&](const Zone& zone) { return zone.heater == output; });
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
    std::vector<Command> commands;
    for (std::size_t i = 0; i < policy.outputs.size(); ++i) {
        const auto output = static_cast<Index>(i);
        std::optional<Command> command = exit_command(policy, state, output);
        if (loads_off && serves_a_load(policy, output)) command = Command{.output = output};
        if (command) commands.push_back(*command);
    }
    return commands;
}

}  // namespace volt
