// Everything that can change on a site, as it is now: one Change each, its present value in `to`. Only for Changes.
#pragma once

#include <string>
#include <vector>

#include "daemon/explain/changes.hpp"

namespace volt {

struct Fact {
    std::string key;  ///< the same in every tick; keys of alarms begin with "alarm/"
    Change change;    ///< `from` is empty
};

std::vector<Fact> facts_of(const SiteView& view);
/// Outputs that moved in this tick without a command.
std::vector<Change> moves_of(const SiteView& view);

}  // namespace volt
