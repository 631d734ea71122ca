// Statistics of ask over the last days, from the log.
#pragma once

#include "daemon/agent/protocol/message.hpp"
#include "drivers/store/agent/agent_log.hpp"

namespace volt::agent {

/// Number of days that the statistics cover.
inline constexpr std::int64_t stats_days = 30;

/// Returns the statistics of the days before now: questions by type of answer, their times and tools, and rejections, for all
/// clients.
Result<Json> ask_stats(AgentStore& store, std::int64_t now_ms);
/// Returns the statistics for a terminal.
std::string stats_text(const Json& stats);

}  // namespace volt::agent
