// The entry point of the rules.
#pragma once

#include <memory>

#include "rules/decision.hpp"

namespace volt {

struct TickLists;

/// Memory for the lists of a tick, kept from tick to tick.
class TickMemory {
public:
    TickMemory();
    ~TickMemory();
    TickLists& lists() { return *lists_; }

private:
    std::unique_ptr<TickLists> lists_;
};

/// Decides one tick. Pure: the same snapshot, policy and state give the same decision on every machine.
/// `state` is the `next` of the tick before, or a default RuleState (or one from `daemon/journal/rule_state_codec`) at start.
/// Vectors of `snapshot` must be aligned with the lists of `policy` (asserted). Throws only when memory runs out.
Decision decide(const SiteSnapshot& snapshot, const Policy& policy, const RuleState& state);
/// The same for a state that is no longer needed: it is moved, not copied.
Decision decide(const SiteSnapshot& snapshot, const Policy& policy, RuleState&& state);
/// The same in place: the state is `decision.next`, and the decision becomes that of this tick. Takes nothing from the heap
/// where decision and memory are those of a tick with as many loads, outputs, zones and sources.
void decide(const SiteSnapshot& snapshot, const Policy& policy, Decision& decision, TickMemory& memory);

}  // namespace volt
