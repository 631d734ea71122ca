// The licenses of what is in the program, as the package has them.
#pragma once

#include <string>

namespace volt::api {

/// Made from systemd/package/copyright by sources.cmake.
extern const std::string licenses;

}  // namespace volt::api
