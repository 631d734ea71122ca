// init: creates a voltd.yaml in shadow mode, from questions or a file of answers.
#pragma once

#include "daemon/ctl/talk/line.hpp"

namespace volt::ctl::init {

void add_init(Program& program);

}  // namespace volt::ctl::init
