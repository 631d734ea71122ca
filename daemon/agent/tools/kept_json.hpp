// What agent.db keeps, as JSON: for --json and HTTP.
#pragma once

#include "daemon/agent/protocol/message.hpp"
#include "drivers/store/agent/agent_memory.hpp"
#include "drivers/store/agent/conversations.hpp"

namespace volt::agent {

/// `2026-05-02T06:00:00Z` of milliseconds since 1970.
std::string moment_text(std::int64_t ms);
Json conversation_json(const AgentConversation& conversation);
Json message_json(const AgentMessage& message);
Json memory_json(const MemoryEntry& entry);

}  // namespace volt::agent
