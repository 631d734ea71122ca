// The log of volt-agent, counted in the file: no number of rows is too many for it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/store/agent/agent_store.hpp"

namespace volt {

/// What the log has since a moment.
struct LogCounts {
    std::int64_t questions = 0, nothing_found = 0, with_unchecked = 0;
    std::optional<std::int64_t> median_ms{}, longest_ms{};                     ///< of an answer; nothing: no question
    std::vector<std::pair<std::string, std::int64_t>> answered_by{}, tools{};  ///< of questions, the most frequent first
    std::int64_t errors = 0;                                                   ///< of questions
    std::int64_t refused_calls = 0, over_limit = 0;                            ///< of all clients
};
Result<LogCounts> count_log(AgentStore& store, std::int64_t from_ms);
/// Rows since a moment.
Result<std::int64_t> count_log_rows(AgentStore& store, std::int64_t from_ms);

}  // namespace volt
