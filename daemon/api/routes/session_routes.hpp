// Sign-in and sign-out, codes, keys and users.
#pragma once

#include <vector>

#include "daemon/api/access/access.hpp"
#include "daemon/api/access/login_codes.hpp"
#include "daemon/api/access/sessions.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::api {

/// Returns the router rows. All arguments must outlive them.
std::vector<Route> session_routes(Sessions& sessions, Access& access);

}  // namespace volt::api
