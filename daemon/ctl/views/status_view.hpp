// `/api/status` as a screen. Pure: JSON in, lines out.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

struct Screen {
    std::size_t width = 80, height = 24;
    bool whole = false;  ///< no terminal: nothing is cut
};

/// The whole site on one screen: with many loads their reasons move to the same line, and lists are truncated with a count.
/// `with_events`: the last changes fill what is left at the bottom.
std::vector<std::string> status_screen(const Json& status, const Screen& screen, const Paint& paint, bool with_events);

/// One line: time, voltage, stage, sun, and what is on.
std::string status_line(const Json& status);
/// "12:00:00 Start …" in the time of the site.
std::string event_line(const Json& event, const Json& status);

}  // namespace volt::ctl
