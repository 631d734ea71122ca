// What is remembered between conversations: short texts, each once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/store/agent/agent_store.hpp"

namespace volt {

/// With one more, the least important that was not needed for the longest time goes; tainted ones first.
inline constexpr std::int64_t most_memories = 500;
inline constexpr std::size_t most_memory_characters = 500;

struct MemoryEntry {
    std::int64_t id = 0;  ///< given by the store
    std::int64_t created_ms = 0, updated_ms = 0;
    std::string agent_role{};   ///< ask, mcp, owner
    std::string memory_type{};  ///< fact, insight, preference, context
    std::string content{};      ///< 1 to 500 characters
    double importance = 0.5;    ///< 0 to 1
    std::int64_t access_count = 0;
    std::optional<std::string> conversation_id{};
    bool tainted = false;  ///< written in a turn that read a text from outside: never put into a prompt by itself
};

/// The id. An equal text updates its entry: it stays clean if it was so, or if it is now; a tainted one does not change a clean one.
Result<std::int64_t> remember(AgentStore& store, const MemoryEntry& entry, std::int64_t now_ms);
/// The nearest to the words first, all kinds or one; each found one counts as accessed. `clean_only`: for a prompt.
Result<std::vector<MemoryEntry>> search_memory(AgentStore& store, const std::string& query, const std::string& kind,
                                               std::size_t limit, bool clean_only, std::int64_t now_ms);
/// The most important first, all kinds or one. `clean_only`: for a prompt.
Result<std::vector<MemoryEntry>> list_memory(AgentStore& store, const std::string& kind, std::size_t limit,
                                             bool clean_only = false);
/// False: there is none of this id. `tainted_only`: one that is clean stays.
Result<bool> forget(AgentStore& store, std::int64_t id, bool tainted_only = false);

}  // namespace volt
