// Contents of agent.db as JSON, for --json and HTTP.
#pragma once

#include "daemon/agent/protocol/message.hpp"
#include "drivers/store/agent/agent_memory.hpp"
#include "drivers/store/agent/conversations.hpp"

namespace volt::agent {

Json conversation_json(const AgentConversation& conversation);
Json message_json(const AgentMessage& message);
Json event_json(const AgentEvent& event);
Json memory_json(const MemoryEntry& entry);

}  // namespace volt::agent
