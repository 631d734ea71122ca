// Licenses of the program's parts, as in the package.
#pragma once

#include <string>

namespace volt::api {

/// Text that sources.cmake makes from systemd/package/copyright.
extern const std::string licenses;

}  // namespace volt::api
