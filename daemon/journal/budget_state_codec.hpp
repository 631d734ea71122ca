// What the night budget remembers over a restart, as JSON within the stored state of the rules.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "daemon/journal/rule_state_codec.hpp"

namespace volt {

/// Empty without a budget.
nlohmann::json save_budget(const SiteMemory& site, const Moment& moment);

/// A number that cannot be leaves the budget as on its first day. Its age counts as time without battery power; where that
/// is not known, the count begins anew.
void load_budget(const nlohmann::json& object, const Moment& moment, SiteMemory& site);

}  // namespace volt
