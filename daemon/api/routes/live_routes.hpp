// GET /api/live: state of the site for the browser page, which polls it. Each answer has only the changes.
#pragma once

#include <functional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"

namespace volt::api {

/// Data for an answer besides the loop's page.
struct LiveContext {
    std::function<Time()> now;                    ///< monotonic
    std::string ui{};                             ///< hash of the page's files
    std::function<std::int64_t()> last_change{};  ///< id of the newest settings change at the first call; no function: there is
                                                  ///< no database
};

/// Returns the router rows. `board` must outlive them.
std::vector<Route> live_routes(const StatusBoard& board, LiveContext context);

}  // namespace volt::api
