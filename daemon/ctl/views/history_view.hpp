// Series and decisions as text. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"
#include "drivers/store/telemetry/history_reader.hpp"

namespace volt::ctl {

/// `time,<series>,…` and a line for each time that any of them has; ISO 8601 UTC, empty where one has no point.
std::vector<std::string> csv_lines(const std::vector<History>& all);
/// One line a decision and the sentence below it; with `verbose` the inputs that counted and the gates.
std::vector<std::string> decision_lines(const std::vector<DecisionRow>& rows, bool verbose, std::size_t width,
                                        const Paint& paint);

}  // namespace volt::ctl
