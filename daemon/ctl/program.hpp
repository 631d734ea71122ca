// Command line of voltctl: each group adds its commands, and the given one becomes the job.
#pragma once

#include "daemon/ctl/talk/line.hpp"

namespace volt::ctl {

/// Adds all commands.
void add_all(Program& program);

/// Runs the whole program.
int run(int argc, char** argv);

}  // namespace volt::ctl
