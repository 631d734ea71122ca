// Connection of a door: passes its request to the router and sends the answer. Only this file and connection.hpp use cpp-httplib.
#pragma once

#include "daemon/api/server/connection.hpp"
#include "daemon/api/server/door.hpp"
#include "daemon/api/server/places.hpp"

namespace volt::api {

/// Reads one request and answers it, within the time of `limits` and its route. The caller closes the socket.
void serve_request(DeadlineStream& stream, const Router& router, const Gate& gate, Places& places, const DoorLimits& limits);

}  // namespace volt::api
