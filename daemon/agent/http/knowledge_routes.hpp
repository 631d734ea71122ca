// /knowledge: the documents searched, read, listed and synced. Private ones are left out: a client of /mcp has the same token.
#pragma once

#include "daemon/agent/documents/background_sync.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// `documents` and `sync` outlive them.
std::vector<api::Route> knowledge_routes(Documents& documents, BackgroundSync& sync);

}  // namespace volt::agent
