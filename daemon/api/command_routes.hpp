// What is done by the loop: overrides, the site's mode, the test of an output, the proof of what stops the
// charging, the end of safe mode.
#pragma once

#include "daemon/api/router.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "daemon/loop/requests.hpp"

namespace volt::api {

/// Rows of the router; all must outlive them. Each waits for the loop, at most 8 s (503).
///
/// `POST /api/mode` answers when the mode is in force, with `stored`: whether it stands in the database too, for which 2 s
/// are waited. Without, a restart would bring the one from before. 409: another one, ordered after it, is in force; so too
/// for an override where another one of its load went into the same turn after it.
///
/// `POST /api/outputs/{id}/test` asks the device for its state and answers when it is heard, with the milliseconds
/// between; it switches nothing. 409: the broker is away, the device is not connected, cannot be asked, or is silent
/// for 3 s.
///
/// `POST /api/charge/prove` begins a proof of what stops the charging (daemon/site/charge_proof.hpp) and answers at once; 409 with
/// the reason where none can be made now.
std::vector<Route> command_routes(LoopRequests& errands, const StatusBoard& board, const ModeStored& stored);

}  // namespace volt::api
