// Merges the alarms of the rules and of the rest of the site into one list.
#pragma once

#include <string>
#include <vector>

#include "daemon/explain/site_view.hpp"

namespace volt {

struct ActiveAlarm {
    AlarmCode code{};
    std::string name;  ///< `<code>[/<subject>]`; unique
    Time since{};
    std::string text;
    std::string severity;
    std::string remedy;
};

/// Returns all active alarms, the most urgent first. If both sides raise an alarm, it has both texts.
std::vector<ActiveAlarm> active_alarms(const SiteView& view);

}  // namespace volt
