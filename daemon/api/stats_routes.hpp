// /metrics for Prometheus, the same numbers as one JSON object under /system/stats, and /openapi.json.
#pragma once

#include "daemon/api/router.hpp"
#include "daemon/journal/status_snapshot.hpp"

namespace volt::api {

/// Rows of the router; `board` must outlive them. Where the loop is late the numbers of its last turn are not shown:
/// what a scraper then sees of them is nothing, and `voltd_up` 0.
std::vector<Route> stats_routes(const StatusBoard& board);

}  // namespace volt::api
