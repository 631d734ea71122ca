// The entry point of the rules.
#pragma once

#include "rules/decision.hpp"

namespace volt {

/// Decides one tick. Pure: the same snapshot, policy and state give the same decision on every machine.
/// `state` is the `next` of the tick before, or a default RuleState (or one from `daemon/journal/rule_state_codec`) at start.
/// Vectors of `snapshot` must be aligned with the lists of `policy` (asserted). Throws only when memory runs out.
Decision decide(const SiteSnapshot& snapshot, const Policy& policy, const RuleState& state);
/// The same for a state that is no longer needed: it is moved, not copied.
Decision decide(const SiteSnapshot& snapshot, const Policy& policy, RuleState&& state);

}  // namespace volt
