// /knowledge: search, read, list and sync documents. Omits private ones, because a client of /mcp has the same token.
#pragma once

#include "daemon/agent/documents/background_sync.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// Returns the routes. `documents` and `sync` must outlive them.
std::vector<api::Route> knowledge_routes(Documents& documents, BackgroundSync& sync);

}  // namespace volt::agent
