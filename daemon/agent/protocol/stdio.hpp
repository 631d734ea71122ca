// MCP over standard input and output: each line is a message. One thread reads, several work, one writes at a time.
#pragma once

#include "daemon/agent/protocol/service.hpp"

namespace volt::agent {

inline constexpr int worker_count = 4;
/// Maximum requests that wait for a worker; one more is rejected.
inline constexpr std::size_t most_waiting_requests = 64;
/// Maximum subscriptions of a client at once; one more is rejected.
inline constexpr std::size_t most_subscriptions = 8;
/// Time after the end of input for running requests.
inline constexpr std::chrono::milliseconds end_limit{1000};

/// Serves until the end of input, and announces changes of `catalog.watched` to clients that listen. `in` and `out` are
/// descriptors. Returns true if all requests were answered. Returns false if some still ran after end_limit; then the process
/// must end without them, because the threads use the catalog.
bool serve_stdio(int in, int out, const Catalog& catalog);

}  // namespace volt::agent
