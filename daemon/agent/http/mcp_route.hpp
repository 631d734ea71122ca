// POST /mcp: a message of MCP; `subscriptions/listen` is answered by server-sent events.
#pragma once

#include "daemon/agent/protocol/http_post.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// Clients that listen at once, of the few connections there are; one more is refused.
inline constexpr std::size_t most_http_subscriptions = 2;

/// The headers that the handler of /mcp reads.
std::vector<std::string> mcp_headers();

/// `catalog` outlives it.
std::vector<api::Route> mcp_routes(const Catalog& catalog);

}  // namespace volt::agent
