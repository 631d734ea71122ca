#include "daemon/agent/http/mcp_route.hpp"

namespace volt::agent {

std::vector<std::string> mcp_headers() { return {"Content-Type", "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"}; }

std::vector<api::Route> mcp_routes(const Catalog& catalog) {
    const auto answer = [&catalog](const api::HttpRequest& request) {
        const auto header = [&](const char* name) {
            const auto found = request.headers.find(name);
            return found == request.headers.end() ? std::string() : found->second;
        };
        McpReply reply = answer_post(
            {header("Content-Type"), header("MCP-Protocol-Version"), header("Mcp-Method"), header("Mcp-Name"), request.body},
            catalog, {});
        return api::HttpAnswer{reply.status, std::move(reply.body)};
    };
    return {{"POST", "/mcp", answer, api::Body::json, {}, most_message_bytes}};
}

}  // namespace volt::agent
