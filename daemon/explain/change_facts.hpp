// What can change on a site, as it is now: one Change for each thing, its present value in `to`. For Changes alone.
#pragma once

#include <string>
#include <vector>

#include "daemon/explain/changes.hpp"

namespace volt {

struct Fact {
    std::string key;  ///< of the thing, over ticks; those of alarms begin with "alarm/"
    Change change;    ///< `from` is empty
};

std::vector<Fact> facts_of(const SiteView& view);
/// What outputs did in this tick without an order of ours.
std::vector<Change> moves_of(const SiteView& view);

}  // namespace volt
