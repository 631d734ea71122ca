// Limits of how often an action is allowed in a period. Each has one row, shared by all processes.
#pragma once

#include <string>

#include "drivers/store/agent/agent_store.hpp"

namespace volt {

/// Allows `most` actions in `span_ms`. `per`: the name of the period in the refusal ("a minute").
struct AgentLimit {
    const char* name = "";
    std::int64_t most = 0, span_ms = 0;
    const char* per = "";
    bool each_client = false;  ///< otherwise for all clients together
};

inline constexpr AgentLimit read_limit{"calls", 120, 60'000, "a minute", true},
    heavy_limit{"query_history and what_if", 12, 60'000, "a minute", true},
    // A client chooses its name, so limits by name alone bound nothing.
    all_reads_limit{"calls of all clients", 1200, 60'000, "a minute", false},
    all_heavy_limit{"query_history and what_if of all clients", 60, 60'000, "a minute", false},
    remember_limit{"remember", 10, 3'600'000, "an hour", false}, propose_limit{"proposals", 6, 3'600'000, "an hour", false},
    apply_limit{"applied proposals", 12, 86'400'000, "a day", false};

/// Counts one action. `over` has the limit and the time to wait, or is empty. A clock that was set back restarts the period.
struct LimitTaken {
    std::string over{};      ///< "the limit is 12 query_history and what_if a minute; try again in 34 s"
    std::string not_kept{};  ///< the file cannot be written, so nothing was counted
};
LimitTaken take_limit(AgentStore& store, const AgentLimit& limit, const std::string& client, std::int64_t now_ms);

}  // namespace volt
