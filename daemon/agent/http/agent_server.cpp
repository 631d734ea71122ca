#include "daemon/agent/http/agent_server.hpp"

#include <algorithm>

#include "daemon/agent/http/gate.hpp"
#include "daemon/agent/http/mcp_route.hpp"
#include "daemon/api/access/token.hpp"
#include "daemon/config/host_port.hpp"
#include "drivers/thread.hpp"

namespace volt::agent {

api::Grant grant_of_agent(const std::string& method, const std::string& pattern) {
    constexpr const char* open[] = {"/", "/page.js", "/page.css", "/health"};
    const bool is_open = std::any_of(std::begin(open), std::end(open), [&](const char* it) { return pattern == it; });
    return method == "GET" && is_open ? api::Grant::anyone : api::Grant::owner;
}

AgentServer::AgentServer(HttpConfig config, std::vector<api::Route> routes) : config_(std::move(config)) {
    router_.add(std::move(routes));
}

Result<int> AgentServer::start() {
    auto token = api::load_or_make_token(config_.token_file);
    if (!token) return token.failure();
    token_ = token.value();
    const HostPort at = split_host_port(config_.listen);
    auto listening = api::listen_at(at.host, at.port.value_or(0));
    if (!listening) return listening.failure();
    std::vector<api::Listening> all;
    all.push_back(std::move(listening.value()));
    auto door = std::make_unique<api::Door>(
        std::move(all), router_, [this](const api::RequestHead& head) { return admit_head(head, config_, token_); },
        most_http_connections, api::DoorLimits{http_limit, most_message_bytes, mcp_headers()});
    if (!door->open()) return Failure{Fault::retry, no_thread_text};
    door_ = std::move(door);
    return door_->port();
}

}  // namespace volt::agent
