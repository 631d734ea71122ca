// Runs from history rows: when a load would have run in shadow mode, and when it really ran.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/report/tally.hpp"
#include "drivers/store/rows.hpp"
#include "rules/units.hpp"

namespace volt {

/// Span in which a load was on, or would have been. Seconds since 1970 UTC.
struct CountedRun {
    std::int64_t from_s = 0, to_s = 0;
    bool began_before = false;  ///< it began before the range
    bool goes_on = false;       ///< it continued at the end of the range
    std::string start_reason{}, start_text{}, stop_reason{}, stop_text{};
};

/// Range from `from_s` to before `to_s`.
struct CountedRange {
    std::int64_t from_s = 0, to_s = 0;
};

/// Returns the runs that shadow mode decided, from a load's rows by time. Rows before the range show how it begins. `starts_s`:
/// starts of voltd by time, each of which ends a simulated run.
std::vector<CountedRun> shadow_runs(const std::vector<DecisionRow>& rows, const std::vector<std::int64_t>& starts_s,
                                    CountedRange range);

/// Change of an output's reported state.
struct ReportedState {
    std::int64_t at_s = 0;
    std::string from, to;  ///< `on`, `off`, `unknown`
};
/// Returns runs by the output's reports, by time.
std::vector<CountedRun> reported_runs(const std::vector<ReportedState>& changes, CountedRange range);

/// Returns the tally. `draw`: power while on.
LoadTally tally_of(const std::vector<CountedRun>& runs, Watts draw);
/// Returns the most starts within any hour.
int most_starts_per_hour(const std::vector<CountedRun>& runs);
/// Returns the seconds in which both were on.
std::int64_t overlap_s(const std::vector<CountedRun>& some, const std::vector<CountedRun>& others);
/// Returns true if a run covers this second.
bool is_on_at(const std::vector<CountedRun>& runs, std::int64_t at_s);

}  // namespace volt
