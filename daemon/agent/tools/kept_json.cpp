#include "daemon/agent/tools/kept_json.hpp"

#include "daemon/agent/documents/documents_json.hpp"

namespace volt::agent {

namespace {

Json parsed_or_null(const std::optional<std::string>& text) { return text ? Json::parse(*text, nullptr, false) : Json(); }

template <class T>
Json value_or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

}  // namespace

Json conversation_json(const AgentConversation& conversation) {
    return {{"id", conversation.id},
            {"role", conversation.agent_role},
            {"client", conversation.client},
            {"title", conversation.title},
            {"created_at", utc_text(conversation.created_ms)},
            {"updated_at", utc_text(conversation.updated_ms)},
            {"messages", conversation.message_count},
            {"summary", value_or_null(conversation.summary)}};
}

Json message_json(const AgentMessage& message) {
    return {{"id", message.id},
            {"at", utc_text(message.created_ms)},
            {"role", message.role},
            {"content", message.content},
            {"tool_calls", parsed_or_null(message.tool_calls)},
            {"tool_results", parsed_or_null(message.tool_results)},
            {"duration_ms", value_or_null(message.duration_ms)},
            {"tokens_in", value_or_null(message.tokens_in)},
            {"tokens_out", value_or_null(message.tokens_out)},
            {"metadata", parsed_or_null(message.metadata)}};
}

Json event_json(const AgentEvent& event) {
    return {{"at", utc_text(event.created_ms)},
            {"role", event.agent_role},
            {"client", event.client},
            {"level", event.level},
            {"event", event.event_type},
            {"message", event.message},
            {"conversation", event.conversation_id.empty() ? Json() : Json(event.conversation_id)},
            {"data", parsed_or_null(event.data)}};
}

Json memory_json(const MemoryEntry& entry) {
    return {{"id", entry.id},
            {"kind", entry.memory_type},
            {"text", entry.content},
            {"importance", entry.importance},
            {"role", entry.agent_role},
            {"conversation", value_or_null(entry.conversation_id)},
            {"tainted", entry.tainted},
            {"created_at", utc_text(entry.created_ms)},
            {"updated_at", utc_text(entry.updated_ms)}};
}

}  // namespace volt::agent
