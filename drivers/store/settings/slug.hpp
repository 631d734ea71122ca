// Slugs: what a miner or zone is called in topics and on the command line.
#pragma once

#include <string>
#include <string_view>

namespace volt {

/// The name in lower case, each run of anything but a-z and 0-9 turned into one `-`, none at the ends. Empty when the
/// name has no letter or digit: such a name must be refused.
std::string make_slug(std::string_view name);

}  // namespace volt
