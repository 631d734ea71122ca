// What outputs are ordered when voltd ends, stops commanding, or no longer has them in its configuration.
#pragma once

#include <optional>
#include <vector>

#include "rules/decision.hpp"
#include "rules/policy.hpp"

namespace volt {

/// Its `on_exit` switches it off no matter what runs. `safe` of a fan depends on its miners: see exit_command().
bool goes_off_at_exit(OnExit on_exit, SafeState safe_state);

/// An output removed from the configuration goes off, unless its safe state is or may be on (a fan); `on_exit: off` overrides that.
bool goes_off_when_removed(OnExit on_exit, SafeState safe_state);

/// The command for one output when voltd ends; empty: it stays as it is. A fan with `on_exit: safe` and `safe_state: auto`
/// runs at its highest level while a miner of its zone is on, or may be.
std::optional<Command> exit_command(const Policy& policy, const RuleState& state, Index output);

/// The commands for all outputs when voltd ends. `loads_off`: every miner and heater goes off, whatever its `on_exit`.
std::vector<Command> exit_commands(const Policy& policy, const RuleState& state, bool loads_off);

}  // namespace volt
