// A series as a drawing of characters: braille dots, or ASCII where the terminal has no UTF-8. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"
#include "drivers/store/telemetry/history_reader.hpp"

namespace volt::ctl {

struct PlotOptions {
    std::size_t width = 80, height = 20;  ///< of everything, in characters; at least 30 x 8 are used
    bool braille = true;                  ///< else ASCII
    std::int64_t from_s = 0, to_s = 0;    ///< the range of the time axis
    Paint paint;
};

/// Title, drawing with its axes, and the least, mean and greatest value. If there are no points, a line reports that. Gaps stay open.
std::vector<std::string> plot(const History& history, const PlotOptions& options);

/// The round step (1, 2, 5 times a power of ten) that gives about `count` of them over `range`; `range` > 0.
double round_step(double range, int count);

}  // namespace volt::ctl
