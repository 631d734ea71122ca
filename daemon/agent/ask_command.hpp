// ask: answers a question on the command line.
#pragma once

#include "daemon/agent/kept_commands.hpp"

namespace volt::agent {

/// Adds `ask QUESTION`, `ask stats`, `ask log`.
void add_ask(CLI::App& app, AgentJob& job);

}  // namespace volt::agent
