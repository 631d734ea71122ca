// Comparison of voltd.yaml with the copy that the running voltd keeps of its configuration.
#pragma once

#include <string>
#include <vector>

namespace volt::ctl {

/// Returns the changes in the file at `path` that wait for a reload, compared with the copy in use. Only for the service's file.
/// Empty if there are none, or there is no copy.
std::vector<std::string> not_in_force(const std::string& path);

}  // namespace volt::ctl
