// Memory of the rules across a restart, as versioned text for the store.
//
// Monotonic times are stored as UTC, become ages at start, and continue from there as monotonic times. If the wall clock was or
// is not trusted, or an age is negative, the safe choice applies: starts count as just made, a rest begins with the daemon, timed
// overrides end. Text of another version, or damaged text, restores nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "daemon/site/charge_block.hpp"
#include "rules/memory/state.hpp"

namespace volt {

/// Encodes the state. `charge`: stored state of the charge limit controllers, and the proof of the means. `energies`: Wh by a
/// miner's UUID.
std::string encode_rule_state(const RuleState& state, const Policy& policy, const Moment& moment,
                              const ChargeMemories& charge = {}, const std::map<std::string, std::int64_t>& energies = {});

/// Returns nothing if the text is not a rule state of this program. voltd then starts without one.
std::optional<RuleState> decode_rule_state(const std::string& text, const Policy& policy, const Moment& moment);
/// Returns empty memories if the text has none that is readable.
ChargeMemories decode_charge_memory(const std::string& text);

}  // namespace volt
