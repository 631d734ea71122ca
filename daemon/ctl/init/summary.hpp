// Summarizes in a few sentences what `voltctl init` is about to write. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt::ctl::init {

/// Returns about ten lines, however many zones and miners there are. `settings`: those made from the answers.
std::vector<std::string> summary_lines(const Json& answers, const Settings& settings);

}  // namespace volt::ctl::init
