// Commands that the loop carries out: overrides, the site's mode, the test of an output, the proof of what stops the charging,
// the end of safe mode.
#pragma once

#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "daemon/loop/requests.hpp"

namespace volt::api {

/// Returns the router rows. All arguments must outlive them. Each waits for the loop, at most 8 s (503).
///
/// `POST /api/mode` answers when the mode is in effect, with `stored`: true if it is in the database, for which it waits 2 s. If
/// not, a restart returns to the previous mode. 409: a later request replaced it. The same applies to an override that a later
/// one of the same load replaced before the turn.
///
/// `POST /api/outputs/{id}/test` asks the device for its state and returns the round-trip time in milliseconds. It switches
/// nothing. 409: the broker or the device is offline, cannot be queried, or does not answer within 3 s.
///
/// `POST /api/charge/prove` starts a proof of what stops the charging (daemon/site/charge_proof.hpp) and answers at once, or with
/// 409 and the reason it cannot run now.
std::vector<Route> command_routes(LoopRequests& requests, const Boards& boards, const ModeStored& stored);

}  // namespace volt::api
