// Who is answered by HTTP: what is refused by the head of a request alone. Pure.
#pragma once

#include <string>

#include "daemon/agent/http/http_config.hpp"
#include "daemon/api/access/guard.hpp"

namespace volt::agent {

/// 403 for a Host that is neither loopback nor one of `hosts`, or an Origin that is neither the own page's nor one of `origins`; a caller
/// with the token is the owner, any other has no role.
api::Admitted admit_head(const api::RequestHead& head, const HttpConfig& config, const std::string& token);

}  // namespace volt::agent
