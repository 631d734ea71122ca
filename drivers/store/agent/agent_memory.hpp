// Memories kept between conversations: short texts without duplicates.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/store/agent/agent_store.hpp"

namespace volt {

/// Limit on memories. Another one removes the least important that was not used for the longest time, tainted ones first.
inline constexpr std::int64_t most_memories = 500;
inline constexpr std::size_t most_memory_characters = 500;

struct MemoryEntry {
    std::int64_t id = 0;  ///< assigned by the store
    std::int64_t created_ms = 0, updated_ms = 0;
    std::string agent_role{};   ///< ask, mcp, owner
    std::string memory_type{};  ///< fact, insight, preference, context
    std::string content{};      ///< 1 to 500 characters
    double importance = 0.5;    ///< 0 to 1
    std::int64_t access_count = 0;
    std::optional<std::string> conversation_id{};
    bool tainted = false;  ///< written in a turn that read a text from outside: never put into a prompt automatically
};

/// Stores a memory and returns its id. An equal text updates its entry: that is clean if either is; a tainted one does not change
/// a clean one.
Result<std::int64_t> remember(AgentStore& store, const MemoryEntry& entry, std::int64_t now_ms);
/// Returns the nearest matches of all kinds or one, and counts each as accessed. `clean_only`: for a prompt.
Result<std::vector<MemoryEntry>> search_memory(AgentStore& store, const std::string& query, const std::string& kind,
                                               std::size_t limit, bool clean_only, std::int64_t now_ms);
/// Returns the most important first, of all kinds or one. `clean_only`: for a prompt.
Result<std::vector<MemoryEntry>> list_memory(AgentStore& store, const std::string& kind, std::size_t limit,
                                             bool clean_only = false);
/// Removes a memory. Returns false if there is none with this id. `tainted_only` keeps a clean one.
Result<bool> forget(AgentStore& store, std::int64_t id, bool tainted_only = false);

}  // namespace volt
