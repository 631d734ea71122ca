// The test of one output: asks the device for its state, and holds what it says against what it was told. Switches nothing.
#pragma once

#include "daemon/api/errands.hpp"
#include "daemon/api/router.hpp"
#include "daemon/api/status_page.hpp"

namespace volt::api {

/// `POST /api/outputs/{id}/test`; see command_routes.hpp. Waits at most 3 s.
HttpAnswer test_output(Errands& errands, const Board& board, const HttpRequest& request);

}  // namespace volt::api
