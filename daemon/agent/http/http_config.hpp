// Section `http` of agent.yaml.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/fields.hpp"

namespace volt::agent {

/// Address of `volt-agent serve`, and who is answered.
struct HttpConfig {
    std::string listen = "127.0.0.1:8481";             ///< loopback only
    std::string token_file = "/run/volt-agent/token";  ///< created at start
    std::vector<std::string> origins{};                ///< of browsers' pages, besides its own
    std::vector<std::string> hosts{};                  ///< names in Host, besides those of loopback
};

Fields<HttpConfig> http_fields();

}  // namespace volt::agent
