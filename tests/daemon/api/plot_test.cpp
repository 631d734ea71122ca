#include "daemon/api/plot.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace volt;
using namespace volt::api;

namespace {

constexpr std::int64_t plot_hour = 3600, plot_day = 24 * plot_hour, plot_moment_s = 1'750'532'400;

Utc utc_at(std::int64_t seconds) { return Utc{std::chrono::seconds{seconds}}; }

PlotGrid grid_before_now(std::int64_t from, std::int64_t to, std::int64_t points, bool in_memory = false) {
    return grid_of(utc_at(plot_moment_s - from), utc_at(plot_moment_s - to), utc_at(plot_moment_s), points, in_memory);
}

}  // namespace

TEST_CASE("reads the coarsest stored rows that are fine enough") {
    const struct {
        std::int64_t from, to, points;
        bool in_memory;
        Resolution resolution;
        std::int64_t step_s;
    } rows[] = {
        {600, 0, 600, true, Resolution::raw, 10},
        {plot_hour, 0, 600, false, Resolution::raw, 30},
        {5 * plot_hour, 0, 600, false, Resolution::raw, 30},
        {6 * plot_hour, 0, 600, false, Resolution::minute, 60},
        {24 * plot_hour, 0, 600, false, Resolution::minute, 180},
        {3 * plot_day, 0, 600, false, Resolution::minute, 480},
        {73 * plot_hour, 72 * plot_hour, 600, false, Resolution::minute, 60},
        {30 * plot_day, 0, 600, false, Resolution::hour, 2 * plot_hour},
        {400 * plot_day, 0, 600, false, Resolution::hour, 16 * plot_hour},
        {500 * plot_day, 499 * plot_day, 600, false, Resolution::hour, plot_hour},
        {24 * plot_hour, 0, 50, false, Resolution::minute, 1740},
        {24 * plot_hour, 0, 2000, false, Resolution::minute, 60},
        {1, 0, 600, false, Resolution::raw, 30},
    };
    for (const auto& row : rows) {
        CAPTURE(row.from);
        CAPTURE(row.points);
        const PlotGrid grid = grid_before_now(row.from, row.to, row.points, row.in_memory);
        CHECK(grid.resolution == row.resolution);
        CHECK(grid.step_s == row.step_s);
        CHECK(grid.begin_s % grid.step_s == 0);
        CHECK(grid.begin_s <= plot_moment_s - row.from);
        CHECK(grid.begin_s + grid.step_s > plot_moment_s - row.from);
        const std::int64_t end = grid.begin_s + static_cast<std::int64_t>(grid.steps) * grid.step_s;
        CHECK(end >= plot_moment_s - row.to);
        CHECK(end - grid.step_s < plot_moment_s - row.to);
        CHECK(static_cast<std::int64_t>(grid.steps) <= row.points + 1);
    }
}

TEST_CASE("computes mean, minimum and maximum of each step") {
    const PlotGrid grid{Resolution::raw, 0, 60, 4};
    History history;
    history.unit = "V";
    history.step_s = 30;
    history.points = {{-30, 40, ""}, {0, 52, ""}, {30, 53, ""}, {60, 50, ""}, {180, 51.006, ""}, {240, 60, ""}};
    CHECK(line_of(grid, history, StepOf::mean) == PlotLine{52.5, 50.0, std::nullopt, 51.01});
    CHECK(line_of(grid, history, StepOf::least) == PlotLine{52.0, 50.0, std::nullopt, 51.01});
    CHECK(line_of(grid, history, StepOf::greatest) == PlotLine{53.0, 50.0, std::nullopt, 51.01});
}

TEST_CASE("counts a long point in each step it covers") {
    const PlotGrid grid{Resolution::minute, 0, 60, 4};
    History history;
    history.unit = "W";
    history.step_s = 180;
    history.points = {{-120, 7.4, ""}, {60, 9, ""}};
    CHECK(line_of(grid, history, StepOf::mean) == PlotLine{7.0, 9.0, 9.0, 9.0});
}
