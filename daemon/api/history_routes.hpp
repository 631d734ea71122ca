// History: series, decisions; and the schema's version.
#pragma once

#include <atomic>
#include <string>

#include "daemon/api/router.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "drivers/store/store.hpp"

namespace volt::api {

/// Rows of the router for the database at `path`; `board`, `store` and `give_up` must outlive them. Once `give_up` is
/// set, no reading goes on.
///
/// `GET /api/history?series&from&to&resolution`: times ISO 8601 UTC; left out: the last hour. A range within the last 15
/// minutes comes from memory, a point a poll; for a longer one that ends now, what is not on disk yet is added from there.
/// `POST /db/init-schema` runs what is pending; voltd does so by itself when it starts, so there is mostly nothing.
std::vector<Route> history_routes(const std::string& path, const StatusBoard& board, const Store& store,
                                  const std::atomic<bool>& give_up);

}  // namespace volt::api
