// conversations, memory: what volt-agent keeps, for the person at the command line.
#pragma once

#include <functional>

#include "daemon/agent/agent_config.hpp"

namespace CLI {
class App;
}

namespace volt::agent {

/// What a given command does with the configuration; returns the exit code.
using AgentJob = std::function<int(const AgentConfig& config)>;

/// `job` becomes that of the command that is given; it outlives the parsing.
void add_kept_commands(CLI::App& app, AgentJob& job);

}  // namespace volt::agent
