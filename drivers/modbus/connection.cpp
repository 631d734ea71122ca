#include "drivers/modbus/connection.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "drivers/source.hpp"

namespace volt::modbus {
namespace {

// libmodbus connects with select(), which ends the process for a descriptor of FD_SETSIZE or more. The socket gets the
// lowest free number; other threads may take some between the look and the connect.
constexpr int descriptor_margin = 64;

bool descriptors_left() {
    const int probe = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (probe < 0) return false;
    ::close(probe);
    return probe < FD_SETSIZE - descriptor_margin;
}

/// A device that lost its power says nothing: the kernel asks after 10 s of silence and gives up after 25 s.
void configure(int socket) {
    constexpr std::array<std::array<int, 3>, 5> options{{{SOL_SOCKET, SO_KEEPALIVE, 1},
                                                         {IPPROTO_TCP, TCP_KEEPIDLE, 10},
                                                         {IPPROTO_TCP, TCP_KEEPINTVL, 5},
                                                         {IPPROTO_TCP, TCP_KEEPCNT, 3},
                                                         {IPPROTO_TCP, TCP_NODELAY, 1}}};
    for (const auto& [level, option, value] : options) setsockopt(socket, level, option, &value, sizeof value);
}

/// libmodbus gives EINPROGRESS for a connect that timed out.
std::string connect_error(int error) {
    return error == EINPROGRESS || error == ETIMEDOUT ? "no answer" : modbus_strerror(error);
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

void Connection::Closer::operator()(modbus_t* context) const {
    modbus_close(context);
    modbus_free(context);
}

Connection::Connection(std::string host, int port, const StopEvent& stop)
    : host_(std::move(host)), port_(port), resolver_(host_), stop_(stop) {}

std::optional<Failure> Connection::open(Duration timeout) {
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

std::optional<Failure> Connection::open(const HostAddress& address, Duration timeout) {
    if (!descriptors_left()) return Failure{Fault::reconnect, "too many open files to connect to " + name()};
    // modbus_new_tcp takes dotted IPv4 only; the other one asks the resolver again, which may refuse even 127.0.0.1 on
    // a machine that has IPv6 only. Error recovery stays off: it loops for ever while the device is away.
    Context context(address.v6 ? modbus_new_tcp_pi(address.text.c_str(), std::to_string(port_).c_str())
                               : modbus_new_tcp(address.text.c_str(), port_));
    if (!context) return Failure{Fault::reconnect, name() + ": " + modbus_strerror(errno)};
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
    const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(timeout - seconds);
    modbus_set_response_timeout(context.get(), static_cast<std::uint32_t>(seconds.count()),
                                static_cast<std::uint32_t>(rest.count()));
    if (modbus_connect(context.get()) != 0) {
        const int error = errno;
        return Failure{Fault::reconnect, "no connection to " + name() + ": " + connect_error(error)};
    }
    configure(modbus_get_socket(context.get()));
    context_ = std::move(context);
    return std::nullopt;
}

bool Connection::is_clean() const {
    if (!is_open()) return false;
    std::uint8_t byte = 0;
    return recv(socket(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && would_block(errno);
}

Failure Connection::ended(Time deadline) const {
    if (stop_.is_set()) return {Fault::reconnect, "stopped"};
    if (monotonic_now() >= deadline) return {Fault::reconnect, "no complete reply in time"};
    return {Fault::reconnect, "connection lost"};
}

std::optional<Failure> Connection::send(ByteView bytes, Time deadline) const {
    while (!bytes.empty()) {
        if (!stop_.wait_for(socket(), POLLOUT, deadline)) return ended(deadline);
        const ssize_t sent = ::send(socket(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && would_block(errno)) continue;
        if (sent < 0) return Failure{Fault::reconnect, std::string("connection lost: ") + modbus_strerror(errno)};
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return std::nullopt;
}

std::optional<Failure> Connection::receive(Bytes& got, std::size_t size, Time deadline) const {
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> buffer{};
    while (true) {  // ends at the deadline
        if (!stop_.wait_for(socket(), POLLIN, deadline)) return ended(deadline);
        const ssize_t came = recv(socket(), buffer.data(), std::min(size - got.size(), buffer.size()), MSG_DONTWAIT);
        if (came < 0 && would_block(errno)) continue;
        if (came < 0) return Failure{Fault::reconnect, std::string("connection lost: ") + modbus_strerror(errno)};
        if (came == 0) return Failure{Fault::reconnect, "connection closed by the device"};
        got.insert(got.end(), buffer.begin(), buffer.begin() + came);
        return std::nullopt;
    }
}

}  // namespace volt::modbus
