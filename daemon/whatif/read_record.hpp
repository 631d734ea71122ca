// The record of a range out of the database: rows, runs, overrides, and the settings in force at each moment.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/whatif/proposal.hpp"
#include "daemon/whatif/record.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt::whatif {

struct WhatifQuery {
    Utc from{}, to{};  ///< from before to, at most longest_range_s
    Proposal changes;  ///< empty: only as is
};

/// What a comparison needs.
struct WhatifInputs {
    SiteRecord record;
    PolicyLine as_is, changed;  ///< `changed` is empty where nothing is proposed
};

/// Reads with `config` as the wiring, of now. Refused: an impossible proposal, in the words of an edit. A range without rows is no
/// failure: its record has none.
Edit<WhatifInputs> read_inputs(Connection& db, const Config& config, const WhatifQuery& query);

}  // namespace volt::whatif
