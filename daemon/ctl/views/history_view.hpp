// Series and decisions as text. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"
#include "drivers/store/telemetry/history_reader.hpp"

namespace volt::ctl {

/// Returns `time,<series>,…` and a line for each time that any of them has. Times are ISO 8601 UTC. A cell is empty if its series
/// has no point.
std::vector<std::string> csv_lines(const std::vector<History>& all);
/// Returns one line per decision with its sentence below. `verbose` adds the inputs that counted and the gates.
std::vector<std::string> decision_lines(const std::vector<DecisionRow>& rows, bool verbose, std::size_t width,
                                        const Paint& paint);

}  // namespace volt::ctl
