// Signing in and out, codes, keys and users.
#pragma once

#include <vector>

#include "daemon/api/access/access.hpp"
#include "daemon/api/access/login_codes.hpp"
#include "daemon/api/access/sessions.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::api {

/// Rows of the router; what it is given must outlive them.
std::vector<Route> session_routes(Sessions& sessions, Access& access);

}  // namespace volt::api
