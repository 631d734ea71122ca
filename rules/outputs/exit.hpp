// Orders for outputs when voltd ends, stops commanding, or loses them from its configuration.
#pragma once

#include <optional>
#include <vector>

#include "rules/decision.hpp"
#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

/// Returns true if `on_exit` switches the output off regardless of what runs. `safe` of a fan depends on its miners: see
/// exit_command().
bool goes_off_at_exit(OnExit on_exit, SafeState safe_state);

/// Returns true if an output removed from the configuration is switched off. It is, unless its safe state is or may be on (a
/// fan); `on_exit: off` overrides that.
bool goes_off_when_removed(OnExit on_exit, SafeState safe_state);

/// Returns the command for one output when voltd ends, or empty if the output keeps its state. A fan with `on_exit: safe` and
/// `safe_state: auto` runs at its highest level while a miner of its zone is on, or may be.
std::optional<Command> exit_command(const Policy& policy, const RuleState& state, Index output);

/// Returns the commands for all outputs when voltd ends, at most one for each. `loads_off` switches off every miner and heater,
/// regardless of `on_exit`. charger_exit() decides on the charger.
std::vector<Command> exit_commands(const Policy& policy, const RuleState& state, bool loads_off);

/// Way in which voltd stops commanding.
enum class Ending : std::uint8_t {
    process,  ///< voltd ends; after its next start it releases the outputs that it keeps off
    shadow,   ///< voltd changes from live to shadow; it releases nothing later
};

/// Result for the output that enables the chargers when voltd stops commanding.
struct ChargerExit {
    std::optional<Command> on;  ///< command that switches it on again, or empty if it keeps its state
    bool stays_off = false;     ///< kept off because of the cold
};

/// Decides on the charge output. At the end of the process it reverses only the OFF of a proof, and not during a block. For
/// shadow it reverses every OFF except one for cold. `state` is that of the last tick; for shadow its outputs belong to `policy`.
ChargerExit charger_exit(const Policy& policy, const RuleState& state, Ending ending);

/// Returns the outputs of miners and heaters that may be on: their OFF is not commanded or not confirmed, or they report on.
/// Unknown is not off.
std::vector<Index> loads_not_off(const Policy& policy, const RuleState& state, const std::vector<OutputReport>& reports);

/// Returns the orders for the zones' fans on the way to shadow, once the loads are off.
std::vector<Command> fan_exit_commands(const Policy& policy, const RuleState& state);

/// Returns true if the output matches `command`. An output without a state topic matches as soon as the command was sent.
bool follows(const OutputWiring& wiring, const OutputReport& report, const Command& command);

}  // namespace volt
