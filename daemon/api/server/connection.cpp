#include "daemon/api/server/connection.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace volt::api {

namespace {

constexpr std::chrono::milliseconds linger_time{500};
constexpr std::size_t most_written_bytes = 16 * 1024;           // buffered before they are sent
constexpr std::size_t most_lingering_bytes = 64 * 1024 * 1024;  // as much as arrives in that time

bool passing(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

DeadlineStream::DeadlineStream(int socket, int stop_fd, Moment deadline, std::size_t most_bytes)
    : socket_(socket), stop_fd_(stop_fd), deadline_(deadline), budget_(most_bytes) {}

/// Returns true once the socket can do `events`, or false at `end` or when the server stops.
bool DeadlineStream::wait(short events, Moment end) const {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        std::array<pollfd, 2> watched{pollfd{socket_, events, 0}, pollfd{stop_fd_, POLLIN, 0}};
        const int ready = ::poll(watched.data(), watched.size(), static_cast<int>(left.count()));
        if (ready < 0 && errno != EINTR) return false;
        if (watched[1].revents != 0) return false;
        if (ready > 0) return true;
    }
}

bool DeadlineStream::pause(std::chrono::milliseconds time) {
    if (!send({}, 0)) return false;
    const Moment end = std::min(deadline_, std::chrono::steady_clock::now() + time);
    return !wait(POLLRDHUP, end) && std::chrono::steady_clock::now() >= end && in_time();
}

/// Reads available bytes. Waits only if there are none: a request usually arrives with its connection.
bool DeadlineStream::fill() {
    if (!send({}, 0)) return false;  // the client may be waiting for it: 100 Continue
    while (budget_ > 0 && in_time()) {
        const ssize_t got = ::recv(socket_, buffer_.data(), std::min(buffer_.size(), budget_), MSG_DONTWAIT);
        if (got < 0 && passing(errno) && wait(POLLIN, deadline_)) continue;
        if (got <= 0) return false;
        begin_ = 0;
        end_ = static_cast<std::size_t>(got);
        budget_ -= end_;
        return true;
    }
    return false;
}

/// The library asks before each read and write, which wait themselves.
bool DeadlineStream::is_readable() const { return begin_ < end_ || in_time(); }
bool DeadlineStream::is_writable() const { return in_time(); }

ssize_t DeadlineStream::read(char* room, size_t size) {
    if (ended_) return 0;
    if (begin_ == end_ && !fill()) return -1;
    const std::size_t taken = std::min(size, end_ - begin_);
    std::memcpy(room, buffer_.data() + begin_, taken);
    begin_ += taken;
    return static_cast<ssize_t>(taken);
}

ssize_t DeadlineStream::write(const char* bytes, size_t size) {
    if (written_.size() + size <= most_written_bytes) written_.append(bytes, size);
    else if (!send({bytes, size}, 0)) return -1;
    return static_cast<ssize_t>(size);
}

bool DeadlineStream::finish() {
    char unread = 0;
    send({}, MSG_MORE);
    ::shutdown(socket_, SHUT_WR);
    return begin_ == end_ && ::recv(socket_, &unread, sizeof unread, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

/// Sends the buffer, then `more`. After a failure it sends nothing else, since that would end up in the wrong place.
bool DeadlineStream::send(std::string_view more, int flags) {
    if (broken_) return false;
    broken_ = true;
    for (std::string_view part : {std::string_view(written_), more})
        while (!part.empty()) {
            if (!in_time()) return false;
            const ssize_t sent = ::send(socket_, part.data(), part.size(), MSG_NOSIGNAL | MSG_DONTWAIT | flags);
            if (sent >= 0) part.remove_prefix(static_cast<std::size_t>(sent));
            else if (!passing(errno) || !wait(POLLOUT, deadline_)) return false;
        }
    written_.clear();
    broken_ = false;
    return true;
}

void DeadlineStream::get_remote_ip_and_port(std::string& ip, int& port) const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::getpeername(socket_, raw, &size) != 0) return;
    if (::getnameinfo(raw, size, host.data(), host.size(), service.data(), service.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    ip = host.data();
    port = std::atoi(service.data());
}

void DeadlineStream::linger() {
    deadline_ = std::min(deadline_, std::chrono::steady_clock::now() + linger_time);
    budget_ = most_lingering_bytes;
    while (fill()) end_ = 0;
}

}  // namespace volt::api
