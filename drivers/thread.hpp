// Starts a thread for a part.
#pragma once

#include <functional>
#include <thread>

namespace volt {

/// Runs `body` on a new thread that takes no signals; `name` has at most 15 characters. False: the system has no thread
/// left (task limit, no memory), and `thread` is unchanged. The caller continues without it and retries later.
bool start_thread(std::thread& thread, const char* name, std::function<void()> body) noexcept;

/// The message of a part that could not start its thread.
inline constexpr const char* no_thread_text = "the system cannot start another thread (TasksMax or memory)";

}  // namespace volt
