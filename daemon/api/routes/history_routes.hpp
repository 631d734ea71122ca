// History: series, decisions; and the schema's version.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/store/telemetry/recent.hpp"

namespace volt::api {

/// What is known of the site besides the database.
struct HistoryContext {
    std::optional<Utc> now;  ///< nothing: the system's clock
    SeriesSources sources;   ///< what `battery` and `power` are made of
};

class QueryTimes;

/// Rows of the router for the database at `path`; `recent` (null: none), `times` (null: not measured) and `give_up` must outlive them. Once `give_up` is
/// set, no reading goes on.
///
/// `GET /api/history?series&from&to&resolution`: times ISO 8601 UTC; left out: the last hour. A range within the last 15
/// minutes comes from memory, a point a poll; for a longer one that ends now, what is not on disk yet is added from there.
/// `POST /db/init-schema` runs what is pending; voltd does so by itself when it starts, so there is mostly nothing.
std::vector<Route> history_routes(const std::string& path, std::function<HistoryContext()> context, const Recent* recent,
                                  const std::atomic<bool>& give_up, QueryTimes* times = nullptr);

}  // namespace volt::api
