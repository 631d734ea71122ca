// Reads one kept value from raw rows, minutes and hours. Computes slots that are not rolled up yet from the finer rows.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "drivers/store/telemetry/series.hpp"

namespace volt {

/// A range of time in s since 1970 UTC: from <= t < to.
struct TimeRange {
    std::int64_t from = 0, to = 0;
};

/// Returns the seconds between two points of a resolution: for raw rows the slot of 30 s (10 s in older files).
std::int64_t step_of(Resolution resolution);

/// Steps by time and by position in `plan.sources`. Not for `automatic`.
using KeptSteps = std::map<std::int64_t, std::map<std::size_t, double>>;
SqlStatus read_steps(Connection& db, const SeriesPlan& plan, Resolution resolution, TimeRange range, KeptSteps& steps);

}  // namespace volt
