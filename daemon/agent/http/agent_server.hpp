// HTTP of volt-agent: the same kind of door as voltd's, with other routes, rights and limits.
#pragma once

#include <memory>

#include "daemon/agent/http/http_config.hpp"
#include "daemon/api/server/door.hpp"

namespace volt::agent {

/// Maximum concurrent connections, and the default time of each.
inline constexpr std::size_t most_http_connections = 8;
inline constexpr std::chrono::seconds http_limit{30};

/// Returns the right that a route requires: nothing for the page's files and /health, the token for all others.
api::Grant grant_of_agent(const std::string& method, const std::string& pattern);

class AgentServer {
public:
    AgentServer(HttpConfig config, std::vector<api::Route> routes);

    /// Creates the token or reads its file. Returns the port.
    Result<int> start();
    /// Returns when all running requests are answered.
    void stop() { door_.reset(); }

private:
    const HttpConfig config_;
    std::string token_{};
    api::Router router_{grant_of_agent};
    std::unique_ptr<api::Door> door_{};
};

}  // namespace volt::agent
