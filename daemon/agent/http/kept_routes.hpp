// /conversations, /memory, /proposals: contents of agent.db.
#pragma once

#include "daemon/agent/tools/kept_json.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// Returns the routes. `store` must outlive them.
std::vector<api::Route> kept_routes(AgentStore& store);

}  // namespace volt::agent
