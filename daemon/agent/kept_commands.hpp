// conversations, memory: data that volt-agent stores, for the person at the command line.
#pragma once

#include <functional>

#include "daemon/agent/agent_config.hpp"

namespace CLI {
class App;
}

namespace volt::agent {

/// Runs the given command with the configuration. Returns the exit code.
using AgentJob = std::function<int(const AgentConfig& config)>;

/// Adds the commands. `job` becomes the job of the given one and must outlive parsing.
void add_kept_commands(CLI::App& app, AgentJob& job);

}  // namespace volt::agent
