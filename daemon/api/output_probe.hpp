// Test of one output: queries the device for its state and compares it with the last command. Switches nothing.
#pragma once

#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "daemon/loop/requests.hpp"

namespace volt::api {

/// Handles `POST /api/outputs/{id}/test`; see command_routes.hpp. Waits at most 3 s.
HttpAnswer test_output(LoopRequests& requests, const StatusBoard& board, const HttpRequest& request);

}  // namespace volt::api
