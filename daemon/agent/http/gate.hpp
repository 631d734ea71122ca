// Gate: rejects HTTP requests by their head alone. Pure.
#pragma once

#include <string>

#include "daemon/agent/http/http_config.hpp"
#include "daemon/api/access/guard.hpp"

namespace volt::agent {

/// Returns 403 for a Host that is neither loopback nor one of `hosts`, or an Origin that is neither the page's own nor one of
/// `origins`. A caller with the token is the owner; any other has no role.
api::Admitted admit_head(const api::RequestHead& head, const HttpConfig& config, const std::string& token);

}  // namespace volt::agent
