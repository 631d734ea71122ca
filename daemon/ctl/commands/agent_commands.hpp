// mcp, ask, docs, conversations, memory, proposals: commands of volt-agent, a separate program and package.
#pragma once

#include "daemon/ctl/talk/line.hpp"

namespace volt::ctl {

/// Adds mcp, ask, docs, conversations, memory, proposals. For these voltctl becomes volt-agent.
void add_agent_commands(Program& program);

}  // namespace volt::ctl
