// What outputs are ordered when voltd ends, stops commanding, or no longer has them in its configuration.
#pragma once

#include <optional>
#include <vector>

#include "rules/decision.hpp"
#include "rules/policy.hpp"

namespace volt {

/// Off by its `on_exit`, whatever runs. `safe` of a fan depends on its miners: see exit_command().
bool goes_off_at_exit(OnExit on_exit, SafeState safe_state);

/// An output that leaves the configuration goes off, unless on is its safe state or may be (a fan); `off` wins over that.
bool goes_off_when_removed(OnExit on_exit, SafeState safe_state);

/// The command for one output as voltd ends; nothing: it is kept as it is. A fan with `on_exit: safe` and `safe_state: auto`
/// runs at its highest level while a miner of its zone is on, or may be.
std::optional<Command> exit_command(const Policy& policy, const RuleState& state, Index output);

/// The commands for all outputs as voltd ends. `loads_off`: each miner and heater goes off, whatever its `on_exit`.
std::vector<Command> exit_commands(const Policy& policy, const RuleState& state, bool loads_off);

}  // namespace volt
