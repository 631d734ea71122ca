// HTTP of volt-agent: a door of voltd's kind with other routes, rights and limits.
#pragma once

#include <memory>

#include "daemon/agent/http/http_config.hpp"
#include "daemon/api/server/door.hpp"

namespace volt::agent {

/// Connections at once, and the time of each that has no other.
inline constexpr std::size_t most_http_connections = 8;
inline constexpr std::chrono::seconds http_limit{30};

/// What a route asks of its caller: the page's files and /health nothing, all others the token.
api::Grant grant_of_agent(const std::string& method, const std::string& pattern);

class AgentServer {
public:
    AgentServer(HttpConfig config, std::vector<api::Route> routes);

    /// The port. Makes the token, or takes that of the file.
    Result<int> start();
    /// Returns when what still runs is answered.
    void stop() { door_.reset(); }

private:
    const HttpConfig config_;
    std::string token_{};
    api::Router router_{grant_of_agent};
    std::unique_ptr<api::Door> door_{};
};

}  // namespace volt::agent
