// The page's files: anyone's, for a page is of no use without what it shows.
#pragma once

#include <string>
#include <vector>

#include "daemon/api/http/router.hpp"

namespace volt::api {

/// Rows of the router. `directory`: for development, read each file from there where it has one of that name, for clients of this
/// machine alone; empty: as embedded.
std::vector<Route> file_routes(const std::string& directory);

/// Whether the header Accept-Encoding takes gzip.
bool accepts_gzip(std::string_view header);

}  // namespace volt::api
