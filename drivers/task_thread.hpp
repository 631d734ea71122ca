// TaskThread: work that may wait, one after the other on a thread of its own; who asks for it never waits.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "rules/time.hpp"

namespace volt {

/// One caller's thread posts. The tasks may block for as long as they like.
class TaskThread {
public:
    using Task = std::function<void()>;
    /// `name` has at most 15 characters; at most `most` tasks wait.
    TaskThread(const char* name, std::size_t most);
    /// Waits briefly for posted tasks; a stuck thread is detached with the rest.
    ~TaskThread();
    TaskThread(const TaskThread&) = delete;
    TaskThread& operator=(const TaskThread&) = delete;

    /// False: too many wait, or there is no thread (tried again with a post a second later). What a task throws ends only it.
    bool post(Task task);
    /// As post, but takes one more than `most` too: for the end of something that must not be kept. Bounded by its callers.
    bool post_last(Task task);
    /// Waits until all is done, at most this long; true: it is.
    bool drain(Duration at_most) const;
    /// A post was in vain for want of a thread.
    bool without_thread() const { return !running_ && tried_ != Time{}; }

private:
    struct Desk;
    static void run(const std::shared_ptr<Desk>& desk);
    bool put(Task task, std::size_t most);
    void start();

    const char* const name_;
    const std::size_t most_;
    std::shared_ptr<Desk> desk_;  ///< shared with the thread, which may be detached
    bool running_ = false;
    Time tried_{};
};

}  // namespace volt
