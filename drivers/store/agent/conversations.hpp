// Conversations and their messages, and the log of what volt-agent did.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/store/agent/agent_store.hpp"

namespace volt {

/// What is longer in tool_calls and tool_results is cut, with its size and SHA-256.
inline constexpr std::size_t most_kept_result_bytes = 16 * 1024;
/// What is longer in a message is cut; titles and names of clients are in characters.
inline constexpr std::size_t most_kept_content_bytes = 64 * 1024, most_title = 60, most_client_name = 64;

struct AgentConversation {
    std::string id{};          ///< a UUID; empty: a new one is made
    std::string agent_role{};  ///< ask, mcp
    std::string client{};      ///< the program or the login, at most 64 characters
    std::string title{};       ///< the first 60 characters of what was asked
    std::optional<std::string> summary{};
    std::int64_t summarized_to = 0;  ///< the last message that `summary` covers
    std::int64_t created_ms = 0, updated_ms = 0, message_count = 0;
    std::optional<std::string> metadata{};  ///< JSON
};

struct AgentMessage {
    std::int64_t id = 0;          ///< given by the store
    std::int64_t created_ms = 0;  ///< since 1970 UTC
    std::string role{};           ///< user, assistant, system, tool
    std::string content{};
    std::optional<std::string> tool_calls{}, tool_results{};  ///< JSON
    std::optional<std::int64_t> duration_ms{}, tokens_in{}, tokens_out{};
    std::optional<std::string> metadata{};  ///< JSON
};

/// A row of the log.
struct AgentEvent {
    std::int64_t created_ms = 0;
    std::string level = "info";  ///< info, warning, error
    std::string event_type{};    ///< task_start, task_complete, tool_call, error, limit
    std::string message{};
    std::string agent_role{};  ///< ask, mcp
    std::string conversation_id{};
    std::optional<std::string> data{};  ///< JSON
    std::string client{};               ///< as it is read: of the data, or of the conversation while that is there
};

/// The id of the kept conversation. created_ms is also its updated_ms.
Result<std::string> begin_conversation(AgentStore& store, AgentConversation conversation);
/// The one conversation of calls by this client on this day (UTC), begun if it is not there.
Result<std::string> conversation_of_day(AgentStore& store, const std::string& client, std::int64_t now_ms);
/// The id of the message. It and what it changes in its conversation are durable.
Result<std::int64_t> add_message(AgentStore& store, const std::string& conversation, const AgentMessage& message);
/// A call as a message of the client's conversation of the day, with a row in the log; both or nothing. Empty: kept.
std::string keep_call(AgentStore& store, const std::string& client, const AgentMessage& call, const AgentEvent& event);
std::string log_event(AgentStore& store, const AgentEvent& event);
std::string set_summary(AgentStore& store, const std::string& conversation, const std::string& summary,
                        std::int64_t summarized_to);

/// By its id or the first characters (8 or more) of it; nothing: there is none, or more than one.
Result<std::optional<AgentConversation>> find_conversation(AgentStore& store, const std::string& id);
/// The one that was used last, of this role.
Result<std::optional<AgentConversation>> last_conversation(AgentStore& store, const std::string& agent_role);
/// The latest first. With words: those that have all of them in the title, or in one message.
Result<std::vector<AgentConversation>> list_conversations(AgentStore& store, std::size_t limit, const std::string& words = {});
/// Messages after `after` (0: all), the first ones first.
Result<std::vector<AgentMessage>> messages_of(AgentStore& store, const std::string& conversation, std::int64_t after,
                                              std::size_t limit);
/// Whether a client of MCP has called this tool since then, with this text in its results (empty: with any).
Result<bool> has_call(AgentStore& store, const std::string& client, std::int64_t from_ms, const std::string& tool,
                      const std::string& text);
/// The newest first; of one conversation, or of all.
Result<std::vector<AgentEvent>> list_agent_log(AgentStore& store, std::size_t limit, const std::string& conversation = {});
/// How many were removed; an empty id: all.
Result<std::int64_t> remove_conversations(AgentStore& store, const std::string& id);

/// At most so many characters (not bytes) of UTF-8 text.
std::string first_characters(const std::string& text, std::size_t most);

}  // namespace volt
