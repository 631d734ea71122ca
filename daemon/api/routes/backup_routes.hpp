// /api/backup: returns the settings at once; copies the whole database in the background, then offers it.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "drivers/source.hpp"

namespace volt::api {

/// Returns the router rows for the database at `path`. `give_up` must outlive them. `now` returns monotonic time.
std::vector<Route> backup_routes(const std::string& path, std::function<Time()> now, const std::atomic<bool>& give_up);

}  // namespace volt::api
