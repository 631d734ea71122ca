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

constexpr Duration status_every = 30s;  // the voltage changes each second, and each message wakes systemd
constexpr Duration end_flush_limit = 1s;
constexpr Duration thread_retry = 1s;  // pause before another try to get a thread
constexpr std::size_t most_messages = 16;

}  // namespace

/// Pending notifications. Only the newest status line and watchdog ping are kept.
struct Supervisor::Queue {
    std::mutex mutex;
    std::condition_variable wake, idle;
    std::deque<std::string> messages;  ///< READY, RELOADING, STOPPING in order, at most most_messages
    std::string status;
    bool feed = false, sending = false, closed = false;

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

Supervisor::Supervisor() : has_manager_(std::getenv("NOTIFY_SOCKET") != nullptr), queue_(std::make_shared<Queue>()) {
    std::uint64_t limit_us = 0;
    if (sd_watchdog_enabled(0, &limit_us) > 0) feed_every_ = Duration(static_cast<std::int64_t>(limit_us / 3000));
}

Supervisor::~Supervisor() {
    std::unique_lock lock(queue_->mutex);
    if (running_) queue_->idle.wait_for(lock, end_flush_limit, [this] { return queue_->empty() && !queue_->sending; });
    queue_->closed = true;
    queue_->wake.notify_one();
}

/// Starts the thread detached, because one that hangs in the manager's socket could never be joined.
void Supervisor::start() {
    const Time now = monotonic_now();
    if (running_ || (tried_ != Time{} && now - tried_ < thread_retry)) return;
    tried_ = now;
    std::thread thread;
    running_ = start_thread(thread, "supervisor", [queue = queue_] { run(queue); });
    if (running_) thread.detach();
}

void Supervisor::run(const std::shared_ptr<Queue>& queue) {
    std::unique_lock lock(queue->mutex);
    while (true) {
        queue->wake.wait(lock, [&] { return queue->closed || !queue->empty(); });
        if (queue->empty()) return;
        queue->sending = true;
        try {
            const std::string message = queue->next();
            lock.unlock();
            sd_notify(0, message.c_str());
        } catch (const std::exception&) {}  // no memory, so this message is lost
        if (!lock.owns_lock()) lock.lock();
        queue->sending = false;
        if (queue->empty()) queue->idle.notify_all();
    }
}

void Supervisor::post(std::string message) {
    if (!has_manager_) return;
    {
        const std::lock_guard lock(queue_->mutex);
        if (queue_->messages.size() >= most_messages) queue_->messages.pop_front();
        queue_->messages.push_back(std::move(message));
    }
    queue_->wake.notify_one();
    start();
}

void Supervisor::ready() {
    if (ready_) return;
    ready_ = true;
    post("READY=1");
}

void Supervisor::alive(Time now) {
    if (!feed_every_ || (fed_ && now - *fed_ < *feed_every_)) return;
    fed_ = now;
    {
        const std::lock_guard lock(queue_->mutex);
        queue_->feed = true;
    }
    queue_->wake.notify_one();
    start();
}

bool Supervisor::status_due(Time now) const { return has_manager_ && (!status_sent_ || now - *status_sent_ >= status_every); }

void Supervisor::status(const std::string& line, Time now) {
    status_sent_ = now;
    if (line == line_ || !has_manager_) return;
    line_ = line;
    {
        const std::lock_guard lock(queue_->mutex);
        queue_->status = line;
    }
    queue_->wake.notify_one();
    start();
}

void Supervisor::reloading(Time now) {
    post(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count() * 1000));
    ready_ = false;
}

void Supervisor::stopping() { post("STOPPING=1"); }

}  // namespace volt
