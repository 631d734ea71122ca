// Runs out of rows of history: when a load would have run in shadow mode, and when it really did.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/report/tally.hpp"
#include "drivers/store/rows.hpp"
#include "rules/units.hpp"

namespace volt {

/// A stretch in which a load was on, or would have been. Seconds since 1970 UTC.
struct CountedRun {
    std::int64_t from_s = 0, to_s = 0;
    bool began_before = false;  ///< it began before the range
    bool goes_on = false;       ///< it had not ended at the end of the range
    std::string start_reason{}, start_text{}, stop_reason{}, stop_text{};
};

/// From `from_s` to before `to_s`.
struct CountedRange {
    std::int64_t from_s = 0, to_s = 0;
};

/// Runs that shadow mode decided, out of a load's rows by time; those before the range show how it begins. `starts_s`: when voltd
/// began anew, by time, which ends an imagined run.
std::vector<CountedRun> shadow_runs(const std::vector<DecisionRow>& rows, const std::vector<std::int64_t>& starts_s,
                                    CountedRange range);

/// A change of what an output reports.
struct ReportedState {
    std::int64_t at_s = 0;
    std::string from, to;  ///< `on`, `off`, `unknown`
};
/// Runs by what the output reported, by time.
std::vector<CountedRun> reported_runs(const std::vector<ReportedState>& changes, CountedRange range);

/// `draw`: while it is on.
LoadTally tally_of(const std::vector<CountedRun>& runs, Watts draw);
/// The most starts within any hour.
int most_starts_per_hour(const std::vector<CountedRun>& runs);
/// Seconds in which both were on.
std::int64_t overlap_s(const std::vector<CountedRun>& some, const std::vector<CountedRun>& others);
/// Whether a run goes on at this second.
bool is_on_at(const std::vector<CountedRun>& runs, std::int64_t at_s);

}  // namespace volt
