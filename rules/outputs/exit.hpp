// What outputs are ordered when voltd ends, stops commanding, or no longer has them in its configuration.
#pragma once

#include <optional>
#include <vector>

#include "rules/decision.hpp"
#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

/// Its `on_exit` switches it off no matter what runs. `safe` of a fan depends on its miners: see exit_command().
bool goes_off_at_exit(OnExit on_exit, SafeState safe_state);

/// An output removed from the configuration goes off, unless its safe state is or may be on (a fan); `on_exit: off` overrides that.
bool goes_off_when_removed(OnExit on_exit, SafeState safe_state);

/// The command for one output when voltd ends; empty: it stays as it is. A fan with `on_exit: safe` and `safe_state: auto`
/// runs at its highest level while a miner of its zone is on, or may be.
std::optional<Command> exit_command(const Policy& policy, const RuleState& state, Index output);

/// The commands for all outputs when voltd ends, at most one for each. `loads_off`: every miner and heater goes off, whatever
/// its `on_exit`. The charger is as charger_exit() decides.
std::vector<Command> exit_commands(const Policy& policy, const RuleState& state, bool loads_off);

/// How voltd stops commanding.
enum class Ending : std::uint8_t {
    process,  ///< voltd ends; after its next start it releases what it keeps off
    shadow,   ///< from live to shadow; nothing is released later
};

/// The output that enables the chargers when voltd stops commanding.
struct ChargerExit {
    std::optional<Command> on;  ///< it is switched on again; empty: it stays as it is
    bool stays_off = false;     ///< because of the cold
};

/// At the end of the process only the OFF of a proof is taken back, and not against a block; for shadow every OFF is, except
/// against the cold. `state` is that of the last tick; for shadow its outputs belong to `policy`.
ChargerExit charger_exit(const Policy& policy, const RuleState& state, Ending ending);

/// The outputs of miners and heaters that may be on: their OFF is not commanded, not confirmed, or they report on. Unknown is
/// not off.
std::vector<Index> loads_not_off(const Policy& policy, const RuleState& state, const std::vector<OutputReport>& reports);

/// What the fans of the zones are ordered on the way to shadow, once the loads are off.
std::vector<Command> fan_exit_commands(const Policy& policy, const RuleState& state);

/// The output is as `command` wants it; without a state topic it is as soon as the command was sent.
bool follows(const OutputWiring& wiring, const OutputReport& report, const Command& command);

}  // namespace volt
