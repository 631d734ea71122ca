// Caller of a tool, and where the call is stored.
#pragma once

#include <string>

#include "drivers/store/agent/agent_store.hpp"

namespace volt::agent {

/// Origin of one call, needed by a tool that stores something.
struct CallOrigin {
    AgentStore* store = nullptr;
    std::string agent_role = "mcp";   ///< ask, mcp
    std::string client{};             ///< name of the program
    std::string transport = "stdio";  ///< stdio, http, ask
    std::string login{};              ///< user who started this program
    std::string conversation{};       ///< its id; for mcp that of the client and day
    bool location = false;            ///< the site's coordinates may be read: the owner shares them with this model
    bool tainted = false;             ///< an external text was read in this turn: a document, an event
};

}  // namespace volt::agent
