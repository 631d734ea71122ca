// `/api/explain` as text. Pure: JSON in, lines out.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/text.hpp"

namespace volt::ctl {

/// One load: why, since when, what would change it, and all its gates with what they have and need.
/// `now`: `at` of the status; empty: not known.
std::vector<std::string> explain_load_lines(const Json& load, const std::string& now, const Paint& paint);
/// All loads, in short.
std::vector<std::string> explain_all_lines(const Json& loads, const Paint& paint);

}  // namespace volt::ctl
