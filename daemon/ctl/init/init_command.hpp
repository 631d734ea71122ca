// init: from nothing to a voltd.yaml in shadow mode, by questions or by a file of answers.
#pragma once

#include "daemon/ctl/talk/line.hpp"

namespace volt::ctl::init {

void add_init(Program& program);

}  // namespace volt::ctl::init
