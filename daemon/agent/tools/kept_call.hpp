// Calls over MCP: limited, and stored as a message and a row of the log.
#pragma once

#include "daemon/agent/tools/call_origin.hpp"
#include "daemon/agent/tools/tool.hpp"

namespace volt::agent {

/// Store for the calls of a server, and their transport.
struct CallKeeping {
    AgentStore* store = nullptr;  ///< nullptr: stores nothing, without limits
    std::string transport = "stdio", login{};
};

/// Runs a call. Beyond a limit, the outcome is an error with the limit and the wait. If storing fails, still returns the answer,
/// with `not_kept`.
ToolOutcome kept_call(const Tool& tool, SiteLink& site, const Json& arguments, const CallTime& time, const CallKeeping& keeping);
/// Logs the call of an unlisted tool: the beginning of its name, without arguments.
void keep_unlisted(const std::string& name, const CallTime& time, const CallKeeping& keeping);
/// Counts a call of this tool by this client. Returns the rejection, or an empty string.
std::string limit_of_call(const std::string& tool, const CallKeeping& keeping, const std::string& client);
/// Counts a call without a tool. `heavy`: like query_history and what_if.
std::string over_limit(const CallKeeping& keeping, const std::string& client, bool heavy);
/// Returns the tools whose answers may contain external text.
const std::vector<const char*>& outside_tools();

}  // namespace volt::agent
