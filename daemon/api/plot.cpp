#include "daemon/api/plot.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/store/telemetry/raw_rows.hpp"

namespace volt::api {

namespace {

constexpr std::int64_t minute_s = 60, hour_s = 3600;
constexpr std::int64_t memory_s = 10;  // longer than the gap between two polls of any source
constexpr std::int64_t raw_kept_s = 72 * hour_s, minutes_kept_s = 400 * 24 * hour_s;

std::int64_t seconds(Utc time) { return time.count() / 1000; }
std::int64_t rounded_up(std::int64_t value, std::int64_t step) { return (value + step - 1) / step * step; }

double rounded(double value, const std::string& unit) {
    const double steps = unit == "W" ? 1 : unit == "V" || unit == "A" ? 100 : 10;
    return std::round(value * steps) / steps;
}

}  // namespace

PlotGrid grid_of(Utc from, Utc to, Utc now, std::int64_t points, bool in_memory) {
    const std::int64_t begin = seconds(from), end = seconds(to), age = seconds(now) - begin;
    const std::int64_t wanted = std::max<std::int64_t>(1, rounded_up(end - begin, points) / points);
    PlotGrid grid;
    std::int64_t least = in_memory ? memory_s : std::int64_t{raw_slot_s};
    if (!in_memory && (age > raw_kept_s || wanted > least)) {
        grid.resolution = Resolution::minute;
        least = minute_s;
        if (age > minutes_kept_s || wanted >= hour_s) {
            grid.resolution = Resolution::hour;
            least = hour_s;
        }
    }
    grid.step_s = rounded_up(wanted, least);
    grid.begin_s = begin - begin % grid.step_s;
    grid.steps = static_cast<std::size_t>(rounded_up(end - grid.begin_s, grid.step_s) / grid.step_s);
    return grid;
}

PlotLine line_of(const PlotGrid& grid, const History& history, StepOf what) {
    PlotLine line(grid.steps);
    std::vector<std::int64_t> counts(grid.steps);
    const auto size = static_cast<std::int64_t>(grid.steps);
    for (const Point& point : history.points) {
        const std::int64_t last_s = point.at_s + std::max<std::int64_t>(history.step_s, 1) - 1;
        const std::int64_t begin = std::max<std::int64_t>(0, (point.at_s - grid.begin_s) / grid.step_s);
        for (std::int64_t i = begin; i < size && grid.begin_s + i * grid.step_s <= last_s; ++i) {
            std::optional<double>& value = line[static_cast<std::size_t>(i)];
            const std::int64_t count = counts[static_cast<std::size_t>(i)]++;
            if (count == 0) value = point.value;
            else if (what == StepOf::least) value = std::min(*value, point.value);
            else if (what == StepOf::greatest) value = std::max(*value, point.value);
            else *value += (point.value - *value) / static_cast<double>(count + 1);
        }
    }
    for (std::optional<double>& value : line)
        if (value) value = rounded(*value, history.unit);
    return line;
}

}  // namespace volt::api
