// Matches each memory to its load, output or zone when the policy changes.
#pragma once

#include "rules/memory/state.hpp"

namespace volt {

/// Matches entries by `key`: new ones start fresh, removed ones are dropped. Does nothing if the revision is unchanged.
void align(RuleState& state, const Policy& policy);

/// Forgets all orders, as when voltd starts: reports decide what runs, and starts wait for them. Rests, starts, overrides and
/// learned values are kept, except those of `shadow`, which never happened.
void forget_orders(RuleState& state);

/// Keeps the real runs apart from the imagined ones during `shadow`, and drops the imagined ones when it ends. Call after
/// align().
void follow_shadow(RuleState& state, bool live);

/// Forgets the orders of one output (by id) that is now another device, and of the load it switched under `policy`, the policy
/// before the change. Does nothing for an unknown output.
void forget_orders(RuleState& state, const Policy& policy, const std::string& output);

}  // namespace volt
