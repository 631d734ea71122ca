// mcp, ask, docs, conversations, memory, proposals: what volt-agent does, a program and a package of its own.
#pragma once

#include "daemon/ctl/talk/line.hpp"

namespace volt::ctl {

/// mcp, ask, docs, conversations, memory, proposals: voltctl becomes volt-agent.
void add_agent_commands(Program& program);

}  // namespace volt::ctl
