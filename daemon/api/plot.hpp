// Series over a range in as many steps as a plot has points: mean, minimum and maximum of each step, nothing in a gap. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/store/telemetry/history_reader.hpp"

namespace volt::api {

/// Steps of a plot. All of them end after `from` and begin before `to`.
struct PlotGrid {
    Resolution resolution = Resolution::raw;  ///< resolution to read
    std::int64_t begin_s = 0;                 ///< start of the first step, since 1970 UTC
    std::int64_t step_s = 0;
    std::size_t steps = 0;
};

/// Returns at most `points` + 1 steps from `from` to `to`, in the finest resolution still stored. `in_memory`: the range is in
/// memory, where samples are closer together than on the disk.
PlotGrid grid_of(Utc from, Utc to, Utc now, std::int64_t points, bool in_memory);

enum class StepOf : std::uint8_t { mean, least, greatest };
using PlotLine = std::vector<std::optional<double>>;

/// Returns one value for each step, rounded as its unit is displayed. A point counts for its whole span.
PlotLine line_of(const PlotGrid& grid, const History& history, StepOf what);

}  // namespace volt::api
