// One connection of a door: its request to the router, and the answer back. With connection.hpp the only files that use cpp-httplib.
#pragma once

#include "daemon/api/server/connection.hpp"
#include "daemon/api/server/door.hpp"
#include "daemon/api/server/places.hpp"

namespace volt::api {

/// Reads one request and answers it, in the time that `limits` and its route give it. The socket is closed by the caller.
void serve_request(DeadlineStream& stream, const Router& router, const Gate& gate, Places& places, const DoorLimits& limits);

}  // namespace volt::api
