// Threads of a door: acceptance of clients, and limits for a crowd.
#include "daemon/api/server/door.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <thread>

#include "daemon/api/server/connection.hpp"
#include "daemon/api/server/exchange.hpp"
#include "daemon/api/server/places.hpp"
#include "drivers/thread.hpp"

namespace volt::api {

namespace {

constexpr std::size_t most_head_bytes = 64 * 1024;
constexpr rlim_t spare_descriptors =
    48;  ///< the last ones (a quarter, if few) are for control: the database, the broker, the devices
constexpr std::chrono::seconds head_limit{2};  ///< maximum for a caller without a role
constexpr std::size_t most_files = 8;
constexpr std::size_t most_downloads = 4;
constexpr std::chrono::milliseconds no_descriptor_pause{100};

void say_busy(int socket) {
    static constexpr std::string_view answer =
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Type: application/json\r\n"
        "Content-Length: 32\r\n\r\n{\"error\":\"too many connections\"}";
    [[maybe_unused]] const auto sent = ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(socket, SHUT_WR);
    std::array<char, 4096> unread{};  // an unread request would turn the answer into a reset
    [[maybe_unused]] const auto got = ::recv(socket, unread.data(), unread.size(), MSG_DONTWAIT);
}

/// Returns true for a descriptor near the limit. The lowest free one is assigned first, so nearly all are in use then.
bool is_one_of_the_last(int descriptor) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return false;
    return static_cast<rlim_t>(descriptor) + std::min(spare_descriptors, limit.rlim_cur / 4) >= limit.rlim_cur;
}

}  // namespace

/// Threads as needed, up to one more than `places`. Each waits for a client and serves it while another one waits. This way a
/// client costs one wake-up; a thread that only accepts would have to wake another.
class Door::Server {
public:
    Server(std::vector<Listening> listening, const Router& router, Gate gate, std::size_t places, DoorLimits limits)
        : listening_(std::move(listening)),
          router_(router),
          gate_(std::move(gate)),
          limits_(std::move(limits)),
          stop_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          clients_(::epoll_create1(EPOLL_CLOEXEC)),
          most_threads_(places + 1),
          places_(places / 2, most_files, most_downloads) {
        threads_.reserve(most_threads_);
        for (std::size_t i = 0; i < listening_.size(); ++i) watch(EPOLL_CTL_ADD, i);
        epoll_event stopped{EPOLLIN, {}};
        ::epoll_ctl(clients_, EPOLL_CTL_ADD, stop_fd_, &stopped);
    }
    ~Server() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            listening_.clear();  // new clients are rejected from here on, however long the current ones take
        }
        [[maybe_unused]] const int sent = ::eventfd_write(stop_fd_, 1);
        places_.close();
        for (std::thread& thread : threads_) thread.join();
        ::close(clients_);
        ::close(stop_fd_);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    bool open() {
        const std::lock_guard lock(mutex_);
        return clients_ >= 0 && stop_fd_ >= 0 && start_one();
    }
    const Listening& listening() const { return listening_.front(); }

private:
    /// Watches for a client. One thread wakes for it; none until the next call.
    void watch(int operation, std::size_t place) const {
        epoll_event client{EPOLLIN | EPOLLONESHOT, {}};
        client.data.u64 = place;
        ::epoll_ctl(clients_, operation, listening_[place].fd(), &client);
    }

    bool start_one() {
        if (threads_.size() >= most_threads_) return false;
        threads_.emplace_back();
        if (start_thread(threads_.back(), "api-client", [this] { run(); })) {
            ++idle_;
            return true;
        }
        threads_.pop_back();
        return false;
    }

    void run() {
        for (;;) {
            epoll_event event{};
            const int ready = ::epoll_wait(clients_, &event, 1, -1);
            std::unique_lock lock(mutex_);
            if (stopping_) return;
            if (ready <= 0) continue;
            const int socket = accept_one(lock, event.data.u64);
            if (socket < 0) continue;
            --idle_;
            lock.unlock();
            serve(socket);
            lock.lock();
            ++idle_;
        }
    }

    /// Returns a client to serve, while another thread waits for the next one or is about to. Returns -1 if there is none.
    int accept_one(std::unique_lock<std::mutex>& lock, std::size_t place) {
        const int socket = ::accept4(listening_[place].fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (socket < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) pause(lock);
        if (stopping_) return refuse(socket);
        watch(EPOLL_CTL_MOD, place);
        if (socket < 0 || !admits(place, socket)) return refuse(socket);
        if (!is_one_of_the_last(socket) && (idle_ > 1 || start_one() || places_.shed())) return socket;
        say_busy(socket);
        return refuse(socket);
    }

    bool admits(std::size_t place, int socket) const {
        try {
            return listening_[place].admits(socket);
        } catch (const std::bad_alloc&) { return false; }
    }

    static int refuse(int socket) {
        if (socket >= 0) ::close(socket);
        return -1;
    }

    /// Stops accepting until descriptors are available again. Pending connections wait.
    void pause(std::unique_lock<std::mutex>& lock) const {
        lock.unlock();
        pollfd stopped{stop_fd_, POLLIN, 0};
        ::poll(&stopped, 1, static_cast<int>(no_descriptor_pause.count()));
        lock.lock();
    }

    void serve(int socket) {
        try {
            DeadlineStream stream(socket, stop_fd_, std::chrono::steady_clock::now() + head_limit, most_head_bytes);
            serve_request(stream, router_, gate_, places_, limits_);
        } catch (...) {
            // In the worst case out of memory: this connection ends, and the thread continues.
            places_.remove(socket);
        }
        ::close(socket);
    }

    std::vector<Listening> listening_;
    const Router& router_;
    const Gate gate_;
    const DoorLimits limits_;
    const int stop_fd_, clients_;  ///< clients_: an epoll of the listening sockets and stop_fd_
    const std::size_t most_threads_;
    Places places_;
    std::mutex mutex_;  ///< held for moments only
    std::vector<std::thread> threads_;
    std::size_t idle_ = 0;  ///< threads without a client
    bool stopping_ = false;
};

Door::Door(std::vector<Listening> listening, const Router& router, Gate gate, std::size_t places, DoorLimits limits)
    : server_(std::make_unique<Server>(std::move(listening), router, std::move(gate), places, std::move(limits))) {}
Door::~Door() = default;

bool Door::open() { return server_->open(); }
int Door::port() const { return server_->listening().port(); }
bool Door::in_place() const { return server_->listening().in_place(); }

}  // namespace volt::api
