// POST /mcp: a message of MCP.
#pragma once

#include "daemon/agent/protocol/http_post.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// The headers that the handler of /mcp reads.
std::vector<std::string> mcp_headers();

/// `catalog` outlives it.
std::vector<api::Route> mcp_routes(const Catalog& catalog);

}  // namespace volt::agent
