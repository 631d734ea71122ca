// MCP over standard input and output: a line is a message. One thread reads, some work, one writes at a time.
#pragma once

#include "daemon/agent/protocol/service.hpp"

namespace volt::agent {

inline constexpr int worker_count = 4;
/// Requests that wait for a worker; one more is refused.
inline constexpr std::size_t most_waiting_requests = 64;
/// Subscriptions of a client at once; one more is refused.
inline constexpr std::size_t most_subscriptions = 8;
/// After the end of input, for what still runs.
inline constexpr std::chrono::milliseconds end_limit{1000};

/// Serves until the end of input, and announces changes of `catalog.watched` to clients that listen; `in` and `out` are descriptors. True:
/// all requests were answered; false: some still ran after end_limit, and the process has to end without them (the threads use the
/// catalog).
bool serve_stdio(int in, int out, const Catalog& catalog);

}  // namespace volt::agent
