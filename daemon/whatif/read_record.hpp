// Record of a range from the database: rows, runs, overrides, and the settings at each moment.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/whatif/proposal.hpp"
#include "daemon/whatif/record.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt::whatif {

struct WhatifQuery {
    Utc from{}, to{};  ///< end is exclusive; at most longest_range_s
    Proposal changes;  ///< empty to replay only as is
};

/// Inputs of a comparison.
struct WhatifInputs {
    SiteRecord record;
    PolicyLine as_is, changed;  ///< `changed` is empty if nothing is proposed
};

/// Reads the inputs with `config` as today's wiring. Rejects an impossible proposal, in the words of an edit. A range without
/// rows is not a failure: its record is empty.
Edit<WhatifInputs> read_inputs(Connection& db, const Config& config, const WhatifQuery& query);

}  // namespace volt::whatif
