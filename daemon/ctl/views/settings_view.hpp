// Settings as lines for a terminal. Pure.
#pragma once

#include "daemon/ctl/views/table.hpp"
#include "drivers/store/settings/log.hpp"

namespace volt::ctl {

/// Every field: value with unit, and what is allowed.
std::vector<std::string> record_lines(const Record& record, std::size_t width, const Paint& paint);
/// Miners or zones, one line each; `zones` names those of the miners.
std::vector<std::string> list_lines(const std::vector<Record>& rows, const std::vector<Record>& zones, std::size_t width,
                                    const Paint& paint);
/// `start_voltage  50.0 -> 50.5 V` for each field of each row that changes.
std::vector<std::string> change_lines(const Edited& edited, const Paint& paint);
std::vector<std::string> log_lines(const std::vector<LoggedChange>& changes, const Paint& paint);
/// Each problem on a line of its own, and the rows there are.
std::vector<std::string> failure_lines(const EditFailure& failure);

}  // namespace volt::ctl
