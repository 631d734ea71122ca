// A socket that listens on a free port of 127.0.0.1, for the fakes.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace volt::fakes {

inline sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Listens and fills `port`. `backlog`: connections that wait to be accepted.
inline int listen_anywhere(int& port, int backlog = 64, int flags = 0) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener, generic, size) != 0 || listen(listener, backlog) != 0 || getsockname(listener, generic, &size) != 0) {
        close(listener);
        throw std::runtime_error("no free port");
    }
    port = ntohs(address.sin_port);
    return listener;
}

/// Sends small pieces at once.
inline void without_delay(int socket) {
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace volt::fakes
