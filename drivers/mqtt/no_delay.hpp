// Sends small packets at once on connections whose library does not set this option.
#pragma once

namespace volt {

/// Sets TCP_NODELAY on each TCP connection of this process to `port` of a peer, and returns their number. The MQTT library
/// neither sets it nor exposes its socket: without it a command after another message waits up to 40 ms for the broker to
/// acknowledge that one.
int send_without_delay(int port);

}  // namespace volt
