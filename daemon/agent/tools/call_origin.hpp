// Who makes a call, and where it is kept.
#pragma once

#include <string>

#include "drivers/store/agent/agent_store.hpp"

namespace volt::agent {

/// Of one call; a tool that keeps something needs it.
struct CallOrigin {
    AgentStore* store = nullptr;
    std::string agent_role = "mcp";   ///< ask, mcp
    std::string client{};             ///< the program, as it names itself
    std::string transport = "stdio";  ///< stdio, http, ask
    std::string login{};              ///< who started this program
    std::string conversation{};       ///< its id; of mcp that of the client and day
    bool location = false;            ///< the site's coordinates may be read: a model that the owner shares them with asks
    bool tainted = false;             ///< a text from outside was read in this turn: a document, an event
};

}  // namespace volt::agent
