// /metrics for Prometheus, the same numbers as one JSON object under /system/stats, and /openapi.json.
#pragma once

#include <string>

#include "daemon/api/history_file.hpp"
#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"

namespace volt::api {

/// What is measured beside the loop's pages.
struct StatsSources {
    std::string database;  ///< its path; empty: none is served
    QueryTimes queries;
};

/// Rows of the router; `board` and `sources` must outlive them. Where the loop is late the numbers of its last turn are not shown:
/// what a scraper then sees of them is nothing, and `voltd_up` 0.
std::vector<Route> stats_routes(const StatusBoard& board, const StatsSources& sources);

}  // namespace volt::api
