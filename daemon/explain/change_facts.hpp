// Current facts of everything that can change on a site: one Change each, with the current value in `to`. Only for Changes.
#pragma once

#include <string>
#include <vector>

#include "daemon/explain/changes.hpp"

namespace volt {

struct Fact {
    std::string key;  ///< stable across ticks; keys of alarms begin with "alarm/"
    Change change;    ///< `from` is empty
};

std::vector<Fact> facts_of(const SiteView& view);
/// Returns the outputs that moved in this tick without a command.
std::vector<Change> moves_of(const SiteView& view);

}  // namespace volt
