// A raw TCP client for byte-for-byte tests of the simulated servers; no Modbus library.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>

#include "tests/drivers/sim/hex.hpp"

namespace volt::sim::testing {

class RawClient {
public:
    explicit RawClient(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~RawClient() { close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool connected() const { return connected_; }
    void send(const std::string& hex) {
        const auto bytes = bytes_of(hex);
        (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    /// Returns the received bytes in hex; "reset" or "closed" if the connection has ended; "" if there are none.
    std::string receive() {
        pollfd one{socket_, POLLIN, 0};
        if (poll(&one, 1, 5) <= 0) return "";
        std::vector<std::uint8_t> bytes(1'024);
        const ssize_t got = recv(socket_, bytes.data(), bytes.size(), 0);
        if (got < 0) return errno == ECONNRESET ? "reset" : "";
        if (got == 0) return "closed";
        bytes.resize(static_cast<std::size_t>(got));
        return hex_of(bytes);
    }

private:
    int socket_;
    bool connected_;
};

}  // namespace volt::sim::testing
