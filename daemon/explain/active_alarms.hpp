// The alarms of the rules and of the rest of the site as one list.
#pragma once

#include <string>
#include <vector>

#include "daemon/explain/site_view.hpp"

namespace volt {

struct ActiveAlarm {
    AlarmCode code{};
    std::string name;  ///< `<code>[/<subject>]`; each stands once
    Time since{};
    std::string text;
    std::string severity;
    std::string remedy;
};

/// The most urgent first. Where both raise an alarm, it has both texts.
std::vector<ActiveAlarm> active_alarms(const SiteView& view);

}  // namespace volt
