// Outputs and alarms of `/api/status` as tables. Pure: from JSON to lines.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// Returns the members under one topic (`alarm/`) with the rest of their names, in order.
std::vector<std::pair<std::string, const Json*>> under(const Json& status, std::string_view prefix);
/// Returns the alarms, critical ones first, then the oldest first.
std::vector<std::pair<std::string, const Json*>> alarms_of(const Json& status);

/// Returns "off", "5", "on (commanded off)": an output's reported state, and the commanded one if it differs.
std::string output_state(const Json& output);

/// Returns the table. `width` 0 means unlimited.
std::vector<std::string> output_table(const Json& status, std::size_t width, const Paint& paint);
std::vector<std::string> alarm_table(const Json& status, std::size_t width, const Paint& paint);

/// Returns an array with the objects under `prefix`, their name as the member `key`.
Json list_under(const Json& status, std::string_view prefix, const char* key);

}  // namespace volt::ctl
