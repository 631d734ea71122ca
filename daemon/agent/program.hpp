// The command line of volt-agent.
#pragma once

namespace volt::agent {

/// Returns the exit code: 0, 1 refused or failed, 2 usage, 3 voltd is not reached.
int run(int argc, char** argv);

}  // namespace volt::agent
