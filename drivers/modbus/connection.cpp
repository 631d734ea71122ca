#include "drivers/modbus/connection.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "drivers/source.hpp"

namespace volt::modbus {
namespace {

/// Configures keepalive, since a device without power is silent: the kernel probes after 10 s of silence and gives up after 25 s.
void configure(int socket) {
    constexpr std::array<std::array<int, 3>, 5> options{{{SOL_SOCKET, SO_KEEPALIVE, 1},
                                                         {IPPROTO_TCP, TCP_KEEPIDLE, 10},
                                                         {IPPROTO_TCP, TCP_KEEPINTVL, 5},
                                                         {IPPROTO_TCP, TCP_KEEPCNT, 3},
                                                         {IPPROTO_TCP, TCP_NODELAY, 1}}};
    for (const auto& [level, option, value] : options) setsockopt(socket, level, option, &value, sizeof value);
}

/// Returns the owner's remedy for a connect error.
std::string connect_error(int error) {
    switch (error) {
        case ECONNREFUSED:
            return "refused: nothing is listening there (GX: Modbus TCP is off by default; gateway: check its port)";
        case ETIMEDOUT: return "no answer (check power and address)";
        case EHOSTUNREACH:
        case ENETUNREACH: return "no route (is the network up?)";
        case EMFILE:
        case ENFILE: return "too many open files";
        default: return std::strerror(error);  // a number from the system, not an enum
    }
}

/// Returns a numeric address for the socket, without a name lookup.
std::unique_ptr<addrinfo, void (*)(addrinfo*)> numeric(const HostAddress& address, int port) {
    addrinfo hints{};
    hints.ai_family = address.v6 ? AF_INET6 : AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    if (getaddrinfo(address.text.c_str(), std::to_string(port).c_str(), &hints, &list) != 0) list = nullptr;
    return {list, freeaddrinfo};
}

/// Connects, and returns 0 or an errno. Ends at the deadline and, unlike libmodbus's own connect, when stopped.
int connect_until(int socket, const addrinfo& to, Time deadline, const StopEvent& stop) {
    if (connect(socket, to.ai_addr, to.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    if (!stop.wait_for(socket, POLLOUT, deadline)) return stop.is_set() ? ECANCELED : ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

void TcpConnection::Closer::operator()(modbus_t* context) const {
    modbus_close(context);
    modbus_free(context);
}

TcpConnection::TcpConnection(std::string host, int port, const StopEvent& stop)
    : host_(std::move(host)), port_(port), resolver_(host_), stop_(stop) {}

std::optional<Failure> TcpConnection::open(Duration timeout) {
    close();
    const auto addresses = resolver_.addresses(monotonic_now() + timeout, stop_);
    if (!addresses) return addresses.failure();
    std::optional<Failure> failure;
    for (const HostAddress& address : addresses.value()) {
        if (stop_.is_set()) return Failure{Fault::reconnect, "stopped"};
        failure = open(address, timeout);
        if (!failure) return std::nullopt;
    }
    return failure;
}

std::optional<Failure> TcpConnection::open(const HostAddress& address, Duration timeout) {
    const auto failed = [this](int error) {
        return Failure{Fault::reconnect, "no connection to " + name() + ": " + connect_error(error)};
    };
    const auto to = numeric(address, port_);
    if (!to) return failed(EHOSTUNREACH);
    const int socket = ::socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return failed(errno);
    const int error = connect_until(socket, *to, monotonic_now() + timeout, stop_);
    // The context owns the socket from here on. Its error recovery is off: it loops while the device is offline.
    Context context(error == 0 ? modbus_new_tcp_pi(address.text.c_str(), std::to_string(port_).c_str()) : nullptr);
    if (!context) {
        ::close(socket);
        return failed(error == 0 ? ENOMEM : error);
    }
    modbus_set_socket(context.get(), socket);
    configure(socket);
    context_ = std::move(context);
    return std::nullopt;
}

bool TcpConnection::is_clean() const {
    if (!is_open()) return false;
    std::uint8_t byte = 0;
    return recv(socket(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && would_block(errno);
}

void TcpConnection::drop_waiting() const {
    std::array<std::uint8_t, 256> buffer;  // NOLINT(*-member-init): filled by recv
    if (is_open()) static_cast<void>(recv(socket(), buffer.data(), buffer.size(), MSG_DONTWAIT));
}

Failure TcpConnection::ended(Time deadline) const {
    if (stop_.is_set()) return {Fault::reconnect, "stopped"};
    if (monotonic_now() >= deadline)
        return {Fault::reconnect, "no complete reply in time: check framing, or raise timeout_ms for a slow link"};
    return {Fault::reconnect, "connection lost"};
}

std::optional<Failure> TcpConnection::send(ByteView bytes, Time deadline) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && would_block(errno)) {
            if (!stop_.wait_for(socket(), POLLOUT, deadline)) return ended(deadline);
            continue;
        }
        if (sent < 0) return Failure{Fault::reconnect, std::string("connection lost: ") + std::strerror(errno)};
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return std::nullopt;
}

std::optional<Failure> TcpConnection::receive(Bytes& got, std::size_t size, Time deadline) const {
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> buffer;  // NOLINT(*-member-init): filled by recv
    while (true) {                                               // ends at the deadline
        if (!stop_.wait_for(socket(), POLLIN, deadline)) return ended(deadline);
        const ssize_t came = recv(socket(), buffer.data(), std::min(size - got.size(), buffer.size()), MSG_DONTWAIT);
        if (came < 0 && would_block(errno)) continue;
        if (came < 0) return Failure{Fault::reconnect, std::string("connection lost: ") + std::strerror(errno)};
        if (came == 0) return Failure{Fault::reconnect, "connection closed by the device (many gateways accept only one client)"};
        got.insert(got.end(), buffer.begin(), buffer.begin() + came);
        return std::nullopt;
    }
}

}  // namespace volt::modbus
