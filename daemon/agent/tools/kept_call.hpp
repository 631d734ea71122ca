// A call by MCP: within the limits, kept as a message and a row of the log.
#pragma once

#include "daemon/agent/tools/call_origin.hpp"
#include "daemon/agent/tools/tool.hpp"

namespace volt::agent {

/// Where the calls of a server are kept, and by what way they come.
struct CallKeeping {
    AgentStore* store = nullptr;  ///< nullptr: nowhere, and without limits
    std::string transport = "stdio", login{};
};

/// Over a limit the outcome is an error that names it and the wait. What could not be kept is answered all the same, with `not_kept`.
ToolOutcome kept_call(const Tool& tool, SiteLink& site, const Json& arguments, const CallTime& time, const CallKeeping& keeping);
/// Keeps that a tool was called that is not listed: a row of the log with the beginning of its name, without the arguments.
void keep_unlisted(const std::string& name, const CallTime& time, const CallKeeping& keeping);
/// Counts a call of this tool by this client; the refusal, or empty.
std::string limit_of_call(const std::string& tool, const CallKeeping& keeping, const std::string& client);
/// As limit_of_call, for what is no tool. `heavy`: as query_history and what_if.
std::string over_limit(const CallKeeping& keeping, const std::string& client, bool heavy);
/// Tools whose answers have texts that the owner need not have written.
const std::vector<const char*>& outside_tools();

}  // namespace volt::agent
