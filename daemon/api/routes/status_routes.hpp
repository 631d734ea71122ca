// Read-only status: /health, /api/status, /api/explain.
#pragma once

#include <functional>

#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"

namespace volt::api {

/// Returns the router rows. `boards` must outlive them; `now` returns monotonic time.
std::vector<Route> status_routes(const Boards& boards, std::function<Time()> now);

}  // namespace volt::api
