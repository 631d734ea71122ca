// History: series, decisions, and the schema's version.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/store/telemetry/recent.hpp"

namespace volt::api {

/// Site facts from outside the database.
struct HistoryContext {
    std::optional<Utc> now;  ///< nothing: the system's clock
    SeriesSources sources;   ///< sources of `battery` and `power`
};

class QueryTimes;

/// Returns the router rows for the database at `path`. `recent` (null: none), `times` (null: not measured) and `give_up` must
/// outlive them. Once `give_up` is set, no query continues.
///
/// `GET /api/history?series&from&to&resolution`: times in ISO 8601 UTC; default is the last hour. A range within the last 15
/// minutes comes from memory, one point per poll. For a longer range that ends now, rows not yet on disk come from memory. `POST
/// /db/init-schema` runs pending migrations; voltd does so at start, so there are usually none.
std::vector<Route> history_routes(const std::string& path, std::function<HistoryContext()> context, const Recent* recent,
                                  const std::atomic<bool>& give_up, QueryTimes* times = nullptr);

}  // namespace volt::api
