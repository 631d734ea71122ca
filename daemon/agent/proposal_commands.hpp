// proposals: a person sees what a model proposed, and decides.
#pragma once

#include "daemon/agent/kept_commands.hpp"

namespace volt::agent {

/// `proposals`, `proposals approve CODE`, `proposals reject CODE`.
void add_proposal_commands(CLI::App& app, AgentJob& job);

}  // namespace volt::agent
