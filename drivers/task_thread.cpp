#include "drivers/task_thread.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {

namespace {

constexpr Duration last_moment = 1s;
constexpr Duration try_again = 1s;

}  // namespace

struct TaskThread::Queue {
    std::mutex mutex;
    std::condition_variable wake, idle;
    std::deque<Task> tasks;
    bool working = false, closed = false;
};

TaskThread::TaskThread(const char* name, std::size_t most) : name_(name), most_(most), queue_(std::make_shared<Queue>()) {}

TaskThread::~TaskThread() {
    drain(last_moment);
    const std::lock_guard lock(queue_->mutex);
    queue_->closed = true;
    queue_->wake.notify_one();
}

/// Starts a detached thread: one that hangs in a library or a file could never be joined.
void TaskThread::start() {
    const Time now = monotonic_now();
    if (running_ || (tried_ != Time{} && now - tried_ < try_again)) return;
    tried_ = now;
    std::thread thread;
    running_ = start_thread(thread, name_, [queue = queue_] { run(queue); });
    if (running_) thread.detach();
}

bool TaskThread::put(Task task, std::size_t most) {
    start();
    if (!running_) return false;
    {
        const std::lock_guard lock(queue_->mutex);
        if (queue_->tasks.size() >= most) return false;
        queue_->tasks.push_back(std::move(task));
    }
    queue_->wake.notify_one();
    return true;
}

bool TaskThread::post(Task task) { return put(std::move(task), most_); }

bool TaskThread::post_last(Task task) { return put(std::move(task), 2 * most_); }

bool TaskThread::drain(Duration at_most) const {
    if (!running_) return true;
    std::unique_lock lock(queue_->mutex);
    return queue_->idle.wait_for(lock, at_most, [this] { return queue_->tasks.empty() && !queue_->working; });
}

void TaskThread::run(const std::shared_ptr<Queue>& queue) {
    std::unique_lock lock(queue->mutex);
    while (true) {
        queue->wake.wait(lock, [&] { return queue->closed || !queue->tasks.empty(); });
        if (queue->tasks.empty()) return;
        Task task = std::move(queue->tasks.front());
        queue->tasks.pop_front();
        queue->working = true;
        lock.unlock();
        try {
            task();
        } catch (...) {  // its owner notices by the missing result
        }
        task = nullptr;
        lock.lock();
        queue->working = false;
        if (queue->tasks.empty()) queue->idle.notify_all();
    }
}

}  // namespace volt
