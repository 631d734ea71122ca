#include "daemon/host/supervisor.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {

namespace {

constexpr Duration status_every = 5s;  // the voltage moves each second; a message to systemd wakes it
constexpr Duration last_words = 1s;
constexpr Duration try_again = 1s;  // to get a thread
constexpr std::size_t most_messages = 16;

}  // namespace

/// Pending notifications. Only the newest status line and watchdog ping are kept.
struct Supervisor::Desk {
    std::mutex mutex;
    std::condition_variable wake, idle;
    std::deque<std::string> messages;  ///< READY, RELOADING, STOPPING: in their order, at most most_messages
    std::string status;
    bool feed = false, telling = false, closed = false;

    bool empty() const { return messages.empty() && status.empty() && !feed; }
    std::string next() {
        if (!messages.empty()) {
            std::string first = std::move(messages.front());
            messages.pop_front();
            return first;
        }
        if (std::exchange(feed, false)) return "WATCHDOG=1";
        return "STATUS=" + std::exchange(status, {});
    }
};

Supervisor::Supervisor() : listened_to_(std::getenv("NOTIFY_SOCKET") != nullptr), desk_(std::make_shared<Desk>()) {
    std::uint64_t limit_us = 0;
    if (sd_watchdog_enabled(0, &limit_us) > 0) feed_every_ = Duration(static_cast<std::int64_t>(limit_us / 3000));
}

Supervisor::~Supervisor() {
    std::unique_lock lock(desk_->mutex);
    if (running_) desk_->idle.wait_for(lock, last_words, [this] { return desk_->empty() && !desk_->telling; });
    desk_->closed = true;
    desk_->wake.notify_one();
}

/// Detached: one that hangs in the manager's socket could never be joined.
void Supervisor::start() {
    const Time now = monotonic_now();
    if (running_ || (tried_ != Time{} && now - tried_ < try_again)) return;
    tried_ = now;
    std::thread thread;
    running_ = start_thread(thread, "supervisor", [desk = desk_] { run(desk); });
    if (running_) thread.detach();
}

void Supervisor::run(const std::shared_ptr<Desk>& desk) {
    std::unique_lock lock(desk->mutex);
    while (true) {
        desk->wake.wait(lock, [&] { return desk->closed || !desk->empty(); });
        if (desk->empty()) return;
        desk->telling = true;
        try {
            const std::string message = desk->next();
            lock.unlock();
            sd_notify(0, message.c_str());
        } catch (const std::exception&) {}  // no memory for it: this message is lost
        if (!lock.owns_lock()) lock.lock();
        desk->telling = false;
        if (desk->empty()) desk->idle.notify_all();
    }
}

void Supervisor::tell(std::string message) {
    if (!listened_to_) return;
    {
        const std::lock_guard lock(desk_->mutex);
        if (desk_->messages.size() >= most_messages) desk_->messages.pop_front();
        desk_->messages.push_back(std::move(message));
    }
    desk_->wake.notify_one();
    start();
}

void Supervisor::ready() {
    if (ready_) return;
    ready_ = true;
    tell("READY=1");
}

void Supervisor::alive(Time now) {
    if (!feed_every_ || (fed_ && now - *fed_ < *feed_every_)) return;
    fed_ = now;
    {
        const std::lock_guard lock(desk_->mutex);
        desk_->feed = true;
    }
    desk_->wake.notify_one();
    start();
}

bool Supervisor::status_due(Time now) const { return listened_to_ && (!told_ || now - *told_ >= status_every); }

void Supervisor::status(const std::string& line, Time now) {
    told_ = now;
    if (line == line_ || !listened_to_) return;
    line_ = line;
    {
        const std::lock_guard lock(desk_->mutex);
        desk_->status = line;
    }
    desk_->wake.notify_one();
    start();
}

void Supervisor::reloading(Time now) {
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count() * 1000));
    ready_ = false;
}

void Supervisor::stopping() { tell("STOPPING=1"); }

}  // namespace volt
