// GET /api/live: the site as the page in a browser polls it, each time only what moved.
#pragma once

#include <functional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"

namespace volt::api {

/// What an answer shows besides the page of the loop.
struct LiveContext {
    std::function<Time()> now;                    ///< monotonic
    std::string ui{};                             ///< hash of the page's files
    std::function<std::int64_t()> last_change{};  ///< of the settings, at the first call; no function: there is no database
};

/// Rows of the router. `board` must outlive them.
std::vector<Route> live_routes(const StatusBoard& board, LiveContext context);

}  // namespace volt::api
