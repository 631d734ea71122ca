// The settings in force at each moment of a range, as they were or with changes.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/whatif/proposal.hpp"
#include "daemon/whatif/record.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt::whatif {

/// By `settings_history` over `config`, the wiring of now, with `changes` throughout the range; at least one entry. Refused: impossible
/// changes, in the words of an edit of today's settings.
Edit<PolicyLine> read_policies(Connection& db, const Config& config, const SiteRecord& record, const Proposal& changes);

}  // namespace volt::whatif
