// `/api/explain` as text. Pure: JSON in, lines out.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// The state of a load, or for what has none what is wanted.
std::string state_of(const Json& load);
/// Names what starts or stops it: "Needs 54.50 V, 2.2 V more, held for 60 s"; empty where nothing is known.
std::string flip_text(const Json& load);

/// One load: why, since when, what would change it, and all its gates with what they have and need.
/// `status`: for the time now and the site's local time.
std::vector<std::string> explain_load_lines(const Json& load, const Json& status, const Paint& paint);
/// All loads, in short; `shadow`: nothing of it is switched.
std::vector<std::string> explain_all_lines(const Json& loads, const Paint& paint, bool shadow = false);

}  // namespace volt::ctl
