// POST /api/whatif: recorded readings replayed with other settings, one question at a time, on a thread that runs only when nothing
// else wants the processor.
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
    std::function<std::optional<Config>()> config;  ///< the configuration in force; nothing: not known now
    std::function<Utc()> now;                       ///< wall clock
    Duration limit = 8s;                            ///< then the answer is that of the part until there
    bool idle = true;                               ///< the thread runs only when no other one wants the processor
    Duration late = 1s;                             ///< later than that there is none: the thread got no processor
};

/// `give_up` must outlive the rows: once it is set, a replay ends at the next row.
std::vector<Route> whatif_routes(WhatifContext context, const std::atomic<bool>& give_up);

}  // namespace volt::api
