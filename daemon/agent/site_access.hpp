// Access to the site from the configuration: voltd's address and key, and the database if it is on this machine.
#pragma once

#include <memory>

#include "daemon/agent/agent_config.hpp"
#include "daemon/agent/tools/site_link.hpp"

namespace volt::agent {

struct SiteAccess {
    std::unique_ptr<Documents> documents;
    std::unique_ptr<SiteLink> site;
    std::string url;                    ///< address of voltd's API
    std::vector<std::string> troubles;  ///< missing parts, with remedies
};

/// Returns the access. Never uses voltd's socket, which would make it the owner.
SiteAccess access_of(const AgentConfig& config);

/// Creates a key of the role propose through voltd's socket, replacing an earlier one, and writes it to `key_file`. Returns an
/// empty string, or the error.
std::string make_agent_key(const AgentConfig& config);

}  // namespace volt::agent
