// Sends small packets at once over connections whose library leaves that off.
#pragma once

namespace volt {

/// Sets TCP_NODELAY on each TCP connection of this process to `port` of a peer; returns how many there are. The MQTT library
/// neither sets it nor shows its socket: without it a command that follows another message waits up to 40 ms for the broker
/// to acknowledge that one.
int send_without_delay(int port);

}  // namespace volt
