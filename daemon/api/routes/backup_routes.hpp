// /api/backup: the settings at once; the whole database is copied in the background, then offered.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "drivers/source.hpp"

namespace volt::api {

/// Rows of the router for the database at `path`; `give_up` must outlive them. `now` gives monotonic time.
std::vector<Route> backup_routes(const std::string& path, std::function<Time()> now, const std::atomic<bool>& give_up);

}  // namespace volt::api
