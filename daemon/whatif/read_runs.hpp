// Miners of a range and their runs, from the database.
#pragma once

#include <optional>

#include "daemon/whatif/record.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt::whatif {

/// Loads each miner of any policy, with its runs in the range and in the day before it.
std::optional<Failure> read_loads(Connection& db, const PolicyLine& policies, SiteRecord& record);

/// Ends a run whose end was never stored at the first silence after its start: its relay's lease ran out, or the power was cut.
void end_cut_runs(SiteRecord& record);

/// Returns the last moment before the range, within a day, at which no miner ran, and a little earlier; else just before the
/// range.
std::int64_t begin_of(const SiteRecord& record);

}  // namespace volt::whatif
