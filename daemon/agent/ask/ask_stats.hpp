// How ask did in the last days, by the log.
#pragma once

#include "daemon/agent/protocol/message.hpp"
#include "drivers/store/agent/agent_log.hpp"

namespace volt::agent {

/// How far back.
inline constexpr std::int64_t stats_days = 30;

/// Of the days before now: questions by what answered them, their times and tools, and what was refused, to all clients.
Result<Json> ask_stats(AgentStore& store, std::int64_t now_ms);
/// As a terminal shows it.
std::string stats_text(const Json& stats);

}  // namespace volt::agent
