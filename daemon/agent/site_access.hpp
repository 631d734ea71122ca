// From the configuration to the site: voltd's address and key, and the database where it is on this machine.
#pragma once

#include <memory>

#include "daemon/agent/agent_config.hpp"
#include "daemon/agent/tools/site_link.hpp"

namespace volt::agent {

struct SiteAccess {
    std::unique_ptr<Documents> documents;
    std::unique_ptr<SiteLink> site;
    std::string url;                    ///< of voltd's API
    std::vector<std::string> troubles;  ///< what is not there, and what to do
};

/// Never by voltd's socket: whoever opens that is the owner.
SiteAccess access_of(const AgentConfig& config);

/// Makes a key of the role propose through voltd's socket, in place of an earlier one, and writes it to `key_file`. Empty: done, else why not.
std::string make_agent_key(const AgentConfig& config);

}  // namespace volt::agent
