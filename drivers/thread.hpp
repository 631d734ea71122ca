// Starts a thread.
#pragma once

#include <functional>
#include <thread>

namespace volt {

/// Runs `body` on a new thread that receives no signals. `name` has at most 15 characters. Returns false if the system has no
/// thread left (task limit, no memory); then `thread` is unchanged, and the caller continues without it and retries later.
bool start_thread(std::thread& thread, const char* name, std::function<void()> body) noexcept;

/// Message of a part that could not start its thread.
inline constexpr const char* no_thread_text = "the system cannot start another thread (TasksMax or memory)";

}  // namespace volt
