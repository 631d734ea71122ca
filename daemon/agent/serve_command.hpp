// volt-agent serve: serves HTTP until a signal ends it.
#pragma once

#include "daemon/agent/agent_config.hpp"
#include "daemon/agent/ask/ask.hpp"
#include "daemon/agent/documents/background_sync.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// Returns all routes. `catalog`, `sync` and everything `place` refers to must outlive them.
std::vector<api::Route> served_routes(const Catalog& catalog, const AskPlace& place, BackgroundSync& sync);

/// Returns the exit code: 0 ended by SIGTERM or SIGINT, 1 `http` is not configured or cannot listen.
int run_serve(const AgentConfig& config);

}  // namespace volt::agent
