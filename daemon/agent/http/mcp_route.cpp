#include "daemon/agent/http/mcp_route.hpp"

#include <atomic>
#include <memory>

namespace volt::agent {

namespace {

/// Sends a listening client an event for each change of the watched resource, until it is gone or its time is over.
void send_changes(api::EventStream& stream, const Catalog& catalog, const std::string& first_line, const Json& id) {
    ResourceWatch watch;
    for (bool open = stream.send(first_line) && stream.wait({}) && !id.is_null(); open;
         open = open && stream.wait(catalog.look_pause))
        if (watch.has_changed(catalog, nullptr)) open = stream.send(updated_line(id, catalog));
}

/// Starts listening if fewer than most_http_subscriptions do. `listeners` counts them.
api::HttpAnswer listen(const std::shared_ptr<std::atomic<std::size_t>>& listeners, const Catalog& catalog,
                       const McpReply& reply) {
    const std::shared_ptr<void> place(nullptr, [listeners](void*) { --*listeners; });
    if (++*listeners > most_http_subscriptions)
        return {503, error_line(*reply.listener, too_busy, "too many subscriptions; end one of them")};
    api::HttpAnswer answer;
    answer.events = [place, &catalog, first = reply.body, id = *reply.listener](api::EventStream& stream) {
        send_changes(stream, catalog, first, id);
    };
    return answer;
}

}  // namespace

std::vector<std::string> mcp_headers() { return {"Content-Type", "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"}; }

std::vector<api::Route> mcp_routes(const Catalog& catalog) {
    const auto listeners = std::make_shared<std::atomic<std::size_t>>(0);
    const auto answer = [&catalog, listeners](const api::HttpRequest& request) {
        const auto header = [&](const char* name) {
            const auto found = request.headers.find(name);
            return found == request.headers.end() ? std::string() : found->second;
        };
        McpReply reply = answer_post(
            {header("Content-Type"), header("MCP-Protocol-Version"), header("Mcp-Method"), header("Mcp-Name"), request.body},
            catalog, {});
        return reply.listener ? listen(listeners, catalog, reply) : api::HttpAnswer{reply.status, std::move(reply.body)};
    };
    return {{"POST", "/mcp", answer, api::Body::json, {}, most_message_bytes}};
}

}  // namespace volt::agent
