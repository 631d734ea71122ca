// `/api/explain` as text. Pure: from JSON to lines.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// Returns the state of a load, or the wanted state if it has none.
std::string state_of(const Json& load);
/// Returns what starts or stops it: "Needs 54.50 V, 2.2 V more, held for 60 s", or an empty string if unknown.
std::string flip_text(const Json& load);

/// Returns one load: why, since when, what would change it, and all its gates with actual and required values. `status`: for the
/// current time and the site's local time.
std::vector<std::string> explain_load_lines(const Json& load, const Json& status, const Paint& paint);
/// Returns all loads in short. `shadow`: nothing of it is switched.
std::vector<std::string> explain_all_lines(const Json& loads, const Paint& paint, bool shadow = false);

}  // namespace volt::ctl
