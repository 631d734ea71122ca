// proposals: shows a person what a model proposed, to decide.
#pragma once

#include "daemon/agent/kept_commands.hpp"

namespace volt::agent {

/// Adds `proposals`, `proposals approve CODE`, `proposals reject CODE`.
void add_proposal_commands(CLI::App& app, AgentJob& job);

}  // namespace volt::agent
