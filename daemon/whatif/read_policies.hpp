// Settings at each moment of a range, as they were or with changes.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/whatif/proposal.hpp"
#include "daemon/whatif/record.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt::whatif {

/// Returns the policies from `settings_history` over `config` (today's wiring), with `changes` throughout the range; at least one
/// entry. Rejects impossible changes, in the words of an edit of today's settings.
Edit<PolicyLine> read_policies(Connection& db, const Config& config, const SiteRecord& record, const Proposal& changes);

}  // namespace volt::whatif
