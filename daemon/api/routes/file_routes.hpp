// Files of the page. Anyone may read them; they reveal nothing without data.
#pragma once

#include <string>
#include <vector>

#include "daemon/api/http/router.hpp"

namespace volt::api {

/// Returns the router rows. `directory`: for development, reads each file that exists there, for clients of this machine only.
/// Empty: embedded files.
std::vector<Route> file_routes(const std::string& directory);

/// Returns true if the header Accept-Encoding accepts gzip.
bool accepts_gzip(std::string_view header);

}  // namespace volt::api
