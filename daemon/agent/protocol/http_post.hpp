// MCP over HTTP: one POST, one message. Pure except for the catalog's actions.
#pragma once

#include <optional>

#include "daemon/agent/protocol/subscription.hpp"

namespace volt::agent {

/// Error code: a header of a modern request is missing or does not match the body.
inline constexpr int header_mismatch = -32020;

/// POST request. A missing header is empty.
struct McpPost {
    std::string content_type{};
    std::string revision{}, method{}, name{};  ///< MCP-Protocol-Version, Mcp-Method, Mcp-Name
    std::string body{};
};

struct McpReply {
    int status = 200;    ///< 202: no answer needed; 400, 404, 415: the body has the reason
    std::string body{};  ///< JSON, or empty
    /// Request that starts listening, or null if it may not subscribe to anything. `body` is the first event of its stream.
    std::optional<Json> listener{};
};

/// Answers a POST. The headers of a modern request must match its body, so that a proxy can rely on them.
McpReply answer_post(const McpPost& post, const Catalog& catalog, const CallTime& time);

}  // namespace volt::agent
