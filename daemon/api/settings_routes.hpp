// Preferences, miners and zones: read and edited by the code that voltctl uses.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "daemon/api/router.hpp"
#include "daemon/loop/requests.hpp"

namespace volt::api {

/// Rows of the router for the database at `path`. `changed` is called after each commit, from a server's thread, so that
/// the store looks at once; `errands` must outlive the rows (dry runs), as must `give_up`: once it is set, nobody waits
/// for a locked database any more.
std::vector<Route> settings_routes(const std::string& path, std::function<void()> changed, LoopRequests& errands,
                                   const std::atomic<bool>& give_up);

/// Looks into the database at `path`.
ModeStored mode_in(const std::string& path, const std::atomic<bool>& give_up);

}  // namespace volt::api
