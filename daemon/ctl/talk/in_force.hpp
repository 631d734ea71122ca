// Whether voltd.yaml is what the running voltd uses, by the copy that it keeps.
#pragma once

#include <string>
#include <vector>

namespace volt::ctl {

/// The changes of the file at `path` that wait for a reload, by the copy of the one in force. Of the service's file only; empty:
/// none, or there is no copy.
std::vector<std::string> not_in_force(const std::string& path);

}  // namespace volt::ctl
