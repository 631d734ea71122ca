// Answer of `voltctl whatif`. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/plot.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// Returns agreement and limits first, then the loads in three columns, the battery and the orders that differ. Times are local.
std::vector<std::string> whatif_lines(const Json& answer, std::size_t width, const Paint& paint);
/// Returns the suggestions of `--suggest`.
std::vector<std::string> suggestion_lines(const Json& answer, const Paint& paint);
/// Returns the voltage of a replay, `as_is` or `changed`, as a series, without points if there are none.
History replayed_voltage(const Json& answer, const char* replay);

}  // namespace volt::ctl
