// /conversations, /memory, /proposals: what agent.db keeps.
#pragma once

#include "daemon/agent/tools/kept_json.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// `store` outlives them.
std::vector<api::Route> kept_routes(AgentStore& store);

}  // namespace volt::agent
