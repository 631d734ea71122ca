#include "drivers/mqtt/no_delay.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace volt {

namespace {

constexpr int most_descriptors = 1024;

/// Returns the peer's port, or 0 if this is not a TCP connection.
int peer_port(int fd) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return 0;
    if (peer.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&peer)->sin_port);
    return peer.ss_family == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_port) : 0;
}

}  // namespace

int send_without_delay(int port) {
    int found = 0;
    const int on = 1;
    for (int fd = 0; fd < most_descriptors; ++fd)
        if (peer_port(fd) == port && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0) ++found;
    return found;
}

}  // namespace volt
