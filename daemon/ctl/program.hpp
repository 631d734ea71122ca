// The command line of voltctl: each group adds its commands, and the one that is given becomes the job.
#pragma once

#include "daemon/ctl/talk/line.hpp"

namespace volt::ctl {

/// The whole command line.
void add_all(Program& program);

/// The whole program.
int run(int argc, char** argv);

}  // namespace volt::ctl
