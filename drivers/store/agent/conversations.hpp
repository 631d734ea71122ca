// Conversations and their messages, and the log of volt-agent's actions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/store/agent/agent_store.hpp"

namespace volt {

/// Limit of tool_calls and tool_results. Longer ones are cut, with size and SHA-256.
inline constexpr std::size_t most_kept_result_bytes = 16 * 1024;
/// Limits of a message, of titles and of client names. Longer messages are cut; titles and names are in characters.
inline constexpr std::size_t most_kept_content_bytes = 64 * 1024, most_title = 60, most_client_name = 64;

struct AgentConversation {
    std::string id{};          ///< a UUID, or empty to make one
    std::string agent_role{};  ///< ask, mcp
    std::string client{};      ///< program or login, at most 64 characters
    std::string title{};       ///< first 60 characters of the question
    std::optional<std::string> summary{};
    std::int64_t summarized_to = 0;  ///< the last message that `summary` covers
    std::int64_t created_ms = 0, updated_ms = 0, message_count = 0;
    std::optional<std::string> metadata{};  ///< JSON
};

struct AgentMessage {
    std::int64_t id = 0;          ///< assigned by the store
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
    std::string client{};               ///< set when read: from the data, or from the conversation while that exists
};

/// Stores the conversation and returns its id. created_ms is also its updated_ms.
Result<std::string> begin_conversation(AgentStore& store, AgentConversation conversation);
/// Returns the conversation of this client's calls on this day (UTC), and creates it if missing.
Result<std::string> conversation_of_day(AgentStore& store, const std::string& client, std::int64_t now_ms);
/// Adds a message and returns its id. The message and the changes in its conversation are durable.
Result<std::int64_t> add_message(AgentStore& store, const std::string& conversation, const AgentMessage& message);
/// Keeps a call as a message of the client's conversation of the day, with a row in the log; both or nothing. Returns empty on
/// success.
std::string keep_call(AgentStore& store, const std::string& client, const AgentMessage& call, const AgentEvent& event);
std::string log_event(AgentStore& store, const AgentEvent& event);
std::string set_summary(AgentStore& store, const std::string& conversation, const std::string& summary,
                        std::int64_t summarized_to);

/// Finds a conversation by its id or its first characters (8 or more). Empty if none or several match.
Result<std::optional<AgentConversation>> find_conversation(AgentStore& store, const std::string& id);
/// Returns the most recent conversation with this role.
Result<std::optional<AgentConversation>> last_conversation(AgentStore& store, const std::string& agent_role);
/// Returns conversations, the latest first. With words: only those with all of them in the title, or in one message.
Result<std::vector<AgentConversation>> list_conversations(AgentStore& store, std::size_t limit, const std::string& words = {});
/// Returns the messages after `after` (0 for all), the first ones first.
Result<std::vector<AgentMessage>> messages_of(AgentStore& store, const std::string& conversation, std::int64_t after,
                                              std::size_t limit);
/// Returns true if an MCP client has called this tool since then, with this text in its results (any if empty).
Result<bool> has_call(AgentStore& store, const std::string& client, std::int64_t from_ms, const std::string& tool,
                      const std::string& text);
/// Returns rows of the log, the newest first; of one conversation, or of all.
Result<std::vector<AgentEvent>> list_agent_log(AgentStore& store, std::size_t limit, const std::string& conversation = {});
/// Removes a conversation, or all if `id` is empty. Returns the number removed.
Result<std::int64_t> remove_conversations(AgentStore& store, const std::string& id);

/// Returns at most `most` characters (not bytes) of UTF-8 text.
std::string first_characters(const std::string& text, std::size_t most);

}  // namespace volt
