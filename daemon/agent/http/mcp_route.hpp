// POST /mcp: one MCP message. `subscriptions/listen` is answered by server-sent events.
#pragma once

#include "daemon/agent/protocol/http_post.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// Maximum clients that listen at once, since there are few connections; one more is rejected.
inline constexpr std::size_t most_http_subscriptions = 2;

/// Returns the headers that the handler of /mcp reads.
std::vector<std::string> mcp_headers();

/// Returns the routes. `catalog` must outlive them.
std::vector<api::Route> mcp_routes(const Catalog& catalog);

}  // namespace volt::agent
