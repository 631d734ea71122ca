// What is done by the loop: overrides, the site's mode, the test of an output, the proof of what stops the
// charging, the end of safe mode.
#pragma once

#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "daemon/loop/requests.hpp"

namespace volt::api {

/// Rows of the router; all must outlive them. Each waits for the loop, at most 8 s (503).
///
/// `POST /api/mode` answers when the mode is in force, with `stored`: whether it stands in the database too, for which 2 s
/// are waited; if it is not, a restart returns to the previous mode. 409: a later request replaced it; likewise
/// for an override that a later one of the same load replaced before the turn.
///
/// `POST /api/outputs/{id}/test` asks the device for its state and returns the round-trip time in milliseconds;
/// it switches nothing. 409: the broker or the device is offline, cannot be queried, or does not answer
/// within 3 s.
///
/// `POST /api/charge/prove` begins a proof of what stops the charging (daemon/site/charge_proof.hpp) and answers at once; 409 with
/// the reason where none can be made now.
std::vector<Route> command_routes(LoopRequests& requests, const Boards& boards, const ModeStored& stored);

}  // namespace volt::api
