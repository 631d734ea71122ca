// GET /api/system: voltd and its machine; and the owner's acknowledgment of a restored database.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"

namespace volt::api {

struct SystemContext {
    std::string database;             ///< path
    std::string ui{};                 ///< hash of the page's files
    std::function<void()> changed{};  ///< called when the alarm may have ended
};

/// Returns the router rows. `board` and `give_up` must outlive them. Once `give_up` is set, no query continues.
std::vector<Route> system_routes(const StatusBoard& board, SystemContext context, const std::atomic<bool>& give_up);

}  // namespace volt::api
