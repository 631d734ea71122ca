// How each part gets a thread of its own.
#pragma once

#include <functional>
#include <thread>

namespace volt {

/// Runs `body` on a new thread that takes no signals; `name` has at most 15 characters. False: the system has no thread to
/// give (a limit of tasks, no memory), and `thread` is as it was. The caller goes on without it and tries again later.
bool start_thread(std::thread& thread, const char* name, std::function<void()> body) noexcept;

/// The message of a part that could not start its thread.
inline constexpr const char* no_thread_text = "the system cannot start another thread (TasksMax or memory)";

}  // namespace volt
