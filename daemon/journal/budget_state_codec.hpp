// Memory of the night budget across a restart, as JSON within the stored rule state.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "daemon/journal/rule_state_codec.hpp"

namespace volt {

/// Returns the memory as JSON, empty without a budget.
nlohmann::json save_budget(const RuleState& state, const Moment& moment);

/// Restores the memory. An invalid number leaves the budget as on its first day. The state's age counts as time without battery
/// power; if it is unknown, the count restarts. Call after loading the loads.
void load_budget(const nlohmann::json& object, const Moment& moment, RuleState& state);

}  // namespace volt
