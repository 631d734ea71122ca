#include "daemon/api/server/connection.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace volt::api {

namespace {

constexpr std::chrono::milliseconds linger_time{500};
constexpr std::size_t most_lingering_bytes = 64 * 1024 * 1024;  // as much as comes in that time

bool passing(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

void name_peer(int socket, std::string& ip, int& port, int (*ask)(int, sockaddr*, socklen_t*)) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (ask(socket, raw, &size) != 0) return;
    if (::getnameinfo(raw, size, host.data(), host.size(), service.data(), service.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    ip = host.data();
    port = std::atoi(service.data());
}

}  // namespace

DeadlineStream::DeadlineStream(int socket, int stop_fd, Moment deadline, std::size_t most_bytes)
    : socket_(socket), stop_fd_(stop_fd), deadline_(deadline), budget_(most_bytes) {
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
}

/// True once the socket can do `events`; false at the deadline or when the server stops.
bool DeadlineStream::wait(short events) const {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        std::array<pollfd, 2> watched{pollfd{socket_, events, 0}, pollfd{stop_fd_, POLLIN, 0}};
        const int ready = ::poll(watched.data(), watched.size(), static_cast<int>(left.count()));
        if (ready < 0 && errno != EINTR) return false;
        if (watched[1].revents != 0) return false;
        if (ready > 0) return true;
    }
}

/// Waits only where nothing is there yet: a request mostly comes with its connection.
bool DeadlineStream::fill() {
    while (budget_ > 0 && in_time()) {
        const ssize_t got = ::recv(socket_, buffer_.data(), std::min(buffer_.size(), budget_), 0);
        if (got < 0 && passing(errno) && wait(POLLIN)) continue;
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
    while (in_time()) {
        const ssize_t sent = ::send(socket_, bytes, size, MSG_NOSIGNAL);
        if (sent >= 0 || !passing(errno)) return sent;
        if (!wait(POLLOUT)) return -1;
    }
    return -1;
}

void DeadlineStream::get_remote_ip_and_port(std::string& ip, int& port) const { name_peer(socket_, ip, port, ::getpeername); }
void DeadlineStream::get_local_ip_and_port(std::string& ip, int& port) const { name_peer(socket_, ip, port, ::getsockname); }

void DeadlineStream::linger() {
    ::shutdown(socket_, SHUT_WR);
    deadline_ = std::min(deadline_, std::chrono::steady_clock::now() + linger_time);
    budget_ = most_lingering_bytes;
    while (fill()) end_ = 0;
}

BoundedThreads::BoundedThreads(std::size_t most, std::function<bool()> make_room)
    : most_(most), make_room_(std::move(make_room)) {}

BoundedThreads::~BoundedThreads() { shutdown(); }

bool BoundedThreads::enqueue(const std::function<void()>& work) {
    if (take(work)) return true;
    if (!make_room_()) return false;
    const std::lock_guard lock(mutex_);
    waiting_.push_back(work);
    wake_.notify_one();
    return true;
}

/// Gives the work to an idle thread or a new one; false if none is available.
bool BoundedThreads::take(const std::function<void()>& work) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(work);
    if (waiting_.size() <= idle_) {
        wake_.notify_one();
        return true;
    }
    try {
        if (threads_.size() < most_) {
            threads_.emplace_back([this] { run(); });
            return true;
        }
    } catch (const std::system_error&) {
        // No more threads: handled as too many connections.
    }
    waiting_.pop_back();
    return false;
}

void BoundedThreads::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        wake_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
        --idle_;
        if (waiting_.empty()) return;
        const std::function<void()> work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        try {
            work();
        } catch (...) {  // one connection, which its own end closes
        }
        lock.lock();
    }
}

void BoundedThreads::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        if (thread.joinable()) thread.join();
}

}  // namespace volt::api
