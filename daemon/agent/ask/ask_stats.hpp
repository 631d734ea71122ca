// How ask did in the last days, by the log. Pure but for what reads the log.
#pragma once

#include "daemon/agent/protocol/message.hpp"
#include "drivers/store/agent/conversations.hpp"

namespace volt::agent {

/// How far back, and how many rows of the log at most.
inline constexpr std::int64_t stats_days = 30;
inline constexpr std::size_t most_stats_rows = 20'000;

/// Counts of the rows since `from_ms`: questions by what answered them, their times, tools, what was refused or went wrong.
Json ask_stats(const std::vector<AgentEvent>& rows, std::int64_t from_ms);
/// As a terminal shows it.
std::string stats_text(const Json& stats);

}  // namespace volt::agent
