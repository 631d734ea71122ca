// Page of volt-agent at `/`.
#pragma once

#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// Contents of the files beside this one.
extern const std::string page_html, page_js, page_css;

std::vector<api::Route> page_routes();

}  // namespace volt::agent
