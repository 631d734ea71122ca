// Log of volt-agent, counted by the database for any number of rows.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/store/agent/agent_store.hpp"

namespace volt {

/// Counts of the log since a given time.
struct LogCounts {
    std::int64_t questions = 0, nothing_found = 0, with_unchecked = 0;
    std::optional<std::int64_t> median_ms{}, longest_ms{};                     ///< time of an answer, or empty without a question
    std::vector<std::pair<std::string, std::int64_t>> answered_by{}, tools{};  ///< for questions, the most frequent first
    std::int64_t errors = 0;                                                   ///< in questions
    std::int64_t refused_calls = 0, over_limit = 0;                            ///< for all clients
};
Result<LogCounts> count_log(AgentStore& store, std::int64_t from_ms);
/// Returns the number of rows since a given time.
Result<std::int64_t> count_log_rows(AgentStore& store, std::int64_t from_ms);

}  // namespace volt
