// Keeps the memory of loads, outputs and zones with what it belongs to when the policy changes.
#pragma once

#include "rules/memory/state.hpp"

namespace volt {

/// Matches entries by `key`; new ones start fresh, vanished ones go. Nothing to do while the revision is the same.
void align(RuleState& state, const Policy& policy);

/// Forgets what was ordered, as at a start of the daemon: reports decide what runs, starts wait for them. Rests,
/// starts, overrides and learned values stay, but those of `shadow`, which never happened.
void forget_orders(RuleState& state);

/// Keeps what is real apart from what `shadow` imagines while it lasts, and forgets the imagined when it ends. After align().
void follow_shadow(RuleState& state, bool live);

/// The same for one output, by id, behind which another device is now, and for the load that it switched by `policy`
/// (still the one before). Nothing to do for an output that is not known.
void forget_orders(RuleState& state, const Policy& policy, const std::string& output);

}  // namespace volt
