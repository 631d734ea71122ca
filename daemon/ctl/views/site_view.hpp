// Outputs and alarms of `/api/status` as tables. Pure: JSON in, lines out.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// The members under one topic (`alarm/`), with what is left of their names, in their order.
std::vector<std::pair<std::string, const Json*>> under(const Json& status, std::string_view prefix);
/// The alarms, critical ones first, the oldest first among equals.
std::vector<std::pair<std::string, const Json*>> alarms_of(const Json& status);

/// "off", "5", "on (commanded off)": what an output reports, and what was commanded if that differs.
std::string output_state(const Json& output);

/// `width` 0: as wide as it is.
std::vector<std::string> output_table(const Json& status, std::size_t width, const Paint& paint);
std::vector<std::string> alarm_table(const Json& status, std::size_t width, const Paint& paint);

/// An array with the objects under `prefix`, their name as the member `key`.
Json list_under(const Json& status, std::string_view prefix, const char* key);

}  // namespace volt::ctl
