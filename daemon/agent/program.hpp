// Command line of volt-agent.
#pragma once

namespace volt::agent {

/// Returns the exit code: 0 success, 1 rejected or failed, 2 usage, 3 cannot reach voltd.
int run(int argc, char** argv);

}  // namespace volt::agent
