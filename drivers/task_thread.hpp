// TaskThread: runs tasks that may block, one after another on their own thread; the caller never waits.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "rules/time.hpp"

namespace volt {

/// Only one thread posts. Tasks may block for any time.
class TaskThread {
public:
    using Task = std::function<void()>;
    /// `name` has at most 15 characters; at most `most` tasks wait.
    TaskThread(const char* name, std::size_t most);
    /// Waits briefly for posted tasks; a stuck thread is detached with the rest.
    ~TaskThread();
    TaskThread(const TaskThread&) = delete;
    TaskThread& operator=(const TaskThread&) = delete;

    /// False: too many wait, or there is no thread (retried by a post a second later). An exception ends only its task.
    bool post(Task task);
    /// As post, but accepts a task beyond `most`: for cleanup that must not be skipped. Its callers bound it.
    bool post_last(Task task);
    /// Waits until all is done, at most this long; true: it is.
    bool drain(Duration at_most) const;
    /// A post failed because no thread could start.
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
