// TaskThread: runs tasks that may block, one after another on their own thread; the caller never waits.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "rules/time.hpp"

namespace volt {

/// The thread. Only one other thread posts. Tasks may block for any time.
class TaskThread {
public:
    using Task = std::function<void()>;
    /// Makes a thread. `name` has at most 15 characters; at most `most` tasks wait.
    TaskThread(const char* name, std::size_t most);
    /// Waits briefly for posted tasks; a stuck thread is detached with the rest.
    ~TaskThread();
    TaskThread(const TaskThread&) = delete;
    TaskThread& operator=(const TaskThread&) = delete;

    /// Posts a task. Returns false if too many wait, or there is no thread (a post a second later retries). An exception ends
    /// only its task.
    bool post(Task task);
    /// Posts a task even beyond `most`, for cleanup that must not be skipped. Its callers bound it.
    bool post_last(Task task);
    /// Waits for all tasks, at most this long. Returns true if they are done.
    bool drain(Duration at_most) const;
    /// Returns true if a post failed because no thread could start.
    bool without_thread() const { return !running_ && tried_ != Time{}; }

private:
    struct Queue;
    static void run(const std::shared_ptr<Queue>& queue);
    bool put(Task task, std::size_t most);
    void start();

    const char* const name_;
    const std::size_t most_;
    std::shared_ptr<Queue> queue_;  ///< shared with the thread, which may be detached
    bool running_ = false;
    Time tried_{};
};

}  // namespace volt
