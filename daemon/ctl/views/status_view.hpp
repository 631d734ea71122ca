// `/api/status` as a screen. Pure: from JSON to lines.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

struct Screen {
    std::size_t width = 80, height = 24;
    bool whole = false;  ///< no terminal: nothing is cut
};

/// Returns the whole site on one screen. With many loads their reasons move to the same line, and lists are cut with a count.
/// `with_events`: the last changes fill the rest at the bottom.
std::vector<std::string> status_screen(const Json& status, const Screen& screen, const Paint& paint, bool with_events);

/// Returns one line: time, voltage, stage, sun, and running loads.
std::string status_line(const Json& status);
/// Returns "12:00:00 Start …" in the site's time.
std::string event_line(const Json& event, const Json& status);

}  // namespace volt::ctl
