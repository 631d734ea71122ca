// POST /api/whatif: replays recorded readings with other settings, one question at a time, on a thread that runs only when the
// processor is idle.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "daemon/config/config.hpp"
#include "rules/time.hpp"

namespace volt::api {

struct WhatifContext {
    std::string database;                           ///< path
    std::function<std::optional<Config>()> config;  ///< current configuration, or nothing if unknown now
    std::function<Utc()> now;                       ///< wall clock
    Duration limit = 8s;                            ///< after this the answer covers only the part so far
    bool idle = true;                               ///< the thread runs only when the processor is idle
    Duration late = 1s;                             ///< beyond this there is no answer: the thread got no processor time
};

/// Returns the router rows. `give_up` must outlive them: once it is set, a replay ends at the next row.
std::vector<Route> whatif_routes(WhatifContext context, const std::atomic<bool>& give_up);

}  // namespace volt::api
