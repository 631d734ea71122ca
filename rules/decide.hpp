// The entry point of the rules.
#pragma once

#include <memory>

#include "rules/decision.hpp"

namespace volt {

struct TickLists;

/// Memory for the lists of a tick, reused from tick to tick.
class TickMemory {
public:
    TickMemory();
    ~TickMemory();
    TickLists& lists() { return *lists_; }

private:
    std::unique_ptr<TickLists> lists_;
};

/// Decides one tick. Pure: the same snapshot, policy and state give the same decision on every machine. `state` is the `next` of
/// the previous tick, or a default RuleState (or one from `daemon/journal/rule_state_codec`) at start. Vectors of `snapshot` must
/// be aligned with the lists of `policy` (asserted). Throws only if memory runs out.
Decision decide(const SiteSnapshot& snapshot, const Policy& policy, const RuleState& state);
/// Decides one tick, and moves the state instead of copying it.
Decision decide(const SiteSnapshot& snapshot, const Policy& policy, RuleState&& state);
/// Decides one tick in place: reads the state from `decision.next` and overwrites `decision`. Allocates nothing if decision and
/// memory come from a tick with as many loads, outputs, zones and sources.
void decide(const SiteSnapshot& snapshot, const Policy& policy, Decision& decision, TickMemory& memory);

}  // namespace volt
