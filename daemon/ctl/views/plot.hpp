// Series drawn with characters: braille dots, or ASCII if the terminal has no UTF-8. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"
#include "drivers/store/telemetry/history_reader.hpp"

namespace volt::ctl {

struct PlotOptions {
    std::size_t width = 80, height = 20;  ///< total size in characters; at least 30 x 8 are used
    bool braille = true;                  ///< else ASCII
    std::int64_t from_s = 0, to_s = 0;    ///< range of the time axis
    Paint paint;
};

/// Returns title, drawing with its axes, and minimum, mean and maximum. If there are no points, a line says so. Gaps remain open.
std::vector<std::string> plot(const History& history, const PlotOptions& options);

/// Returns the round step (1, 2, 5 times a power of ten) that gives about `count` steps over `range`. `range` > 0.
double round_step(double range, int count);

}  // namespace volt::ctl
