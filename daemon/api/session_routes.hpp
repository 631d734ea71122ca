// Signing in and out, codes, keys and users.
#pragma once

#include <functional>
#include <string>

#include "daemon/api/login_codes.hpp"
#include "daemon/api/router.hpp"
#include "daemon/api/sessions.hpp"

namespace volt::api {

/// Where a browser finds voltd when a request does not say it (from the Unix socket): `http://127.0.0.1:8480`.
using PageAddress = std::function<std::string()>;

/// Rows of the router; `sessions` must outlive them.
std::vector<Route> session_routes(Sessions& sessions, PageAddress address);

}  // namespace volt::api
