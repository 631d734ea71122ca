// Keeps each memory with its load, output or zone when the policy changes.
#pragma once

#include "rules/memory/state.hpp"

namespace volt {

/// Matches entries by `key`: new ones start fresh, removed ones are dropped. Does nothing while the revision is the same.
void align(RuleState& state, const Policy& policy);

/// Forgets all orders, as when voltd starts: reports decide what runs, and starts wait for them. Rests, starts, overrides
/// and learned values stay, except those of `shadow`, which never happened.
void forget_orders(RuleState& state);

/// While `shadow` lasts, keeps the real runs apart from the imagined ones; drops the imagined ones when it ends. After align().
void follow_shadow(RuleState& state, bool live);

/// The same for one output (by id) that is now another device, and for the load it switched under `policy`, the policy
/// before the change. Does nothing for an unknown output.
void forget_orders(RuleState& state, const Policy& policy, const std::string& output);

}  // namespace volt
