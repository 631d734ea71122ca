// /metrics for Prometheus, the same numbers as one JSON object under /system/stats, and /openapi.json.
#pragma once

#include <string>

#include "daemon/api/history_file.hpp"
#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"

namespace volt::api {

/// Sources of measurements besides the loop's pages.
struct StatsSources {
    std::string database;  ///< path, or empty if there is no database
    QueryTimes queries;
};

/// Returns the router rows. `board` and `sources` must outlive them. While the loop is late, the numbers of its last turn are
/// omitted and `voltd_up` is 0.
std::vector<Route> stats_routes(const StatusBoard& board, const StatsSources& sources);

}  // namespace volt::api
