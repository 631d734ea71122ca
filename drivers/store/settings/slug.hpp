// Slugs: names of miners and zones in topics and on the command line.
#pragma once

#include <string>
#include <string_view>

namespace volt {

/// Returns the name in lower case, with each run of anything but a-z and 0-9 as one `-`, none at the ends. Empty if the name has
/// no letter or digit: such a name must be refused.
std::string make_slug(std::string_view name);

}  // namespace volt
