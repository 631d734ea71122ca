// What the rules remember over a restart, as versioned text for the store.
//
// Monotonic times are stored as UTC and become ages at start; from there they run on monotonic time. Where the wall
// cannot be believed (then or now), or an age comes out below 0, the safe side is taken: starts count as just made,
// a rest begins with the daemon, timed overrides end. Text of another version, or damaged text, restores nothing.
#pragma once

#include <optional>
#include <string>

#include "daemon/site/charge_block.hpp"
#include "rules/memory/state.hpp"

namespace volt {

/// `charge`: what the carriers of the charge order have to remember beside it, and the proof of them.
std::string encode_rule_state(const RuleState& state, const Policy& policy, const Moment& moment,
                              const ChargeMemories& charge = {});

/// Nothing where the text is not a rule state of this program; the site then starts as one that knows nothing.
std::optional<RuleState> decode_rule_state(const std::string& text, const Policy& policy, const Moment& moment);
/// Empty where the text holds none that can be read.
ChargeMemories decode_charge_memory(const std::string& text);

}  // namespace volt
