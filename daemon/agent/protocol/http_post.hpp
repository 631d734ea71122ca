// MCP by HTTP: one POST, one message. Pure but for what the catalog does.
#pragma once

#include <optional>

#include "daemon/agent/protocol/subscription.hpp"

namespace volt::agent {

/// A header of a modern request is missing, or is not what the body says.
inline constexpr int header_mismatch = -32020;

/// A POST; each header that is not there is empty.
struct McpPost {
    std::string content_type{};
    std::string revision{}, method{}, name{};  ///< MCP-Protocol-Version, Mcp-Method, Mcp-Name
    std::string body{};
};

struct McpReply {
    int status = 200;    ///< 202: nothing to answer; 400, 404, 415: the body says why
    std::string body{};  ///< JSON, or empty
    /// The request that listens from now on, null where it may hear of nothing; `body` is the first event of its stream.
    std::optional<Json> listener{};
};

/// The headers of a modern request must say what its body says, so that a proxy can rely on them.
McpReply answer_post(const McpPost& post, const Catalog& catalog, const CallTime& time);

}  // namespace volt::agent
