// Conversation in agent.db while a question is answered: each part is stored before the next one begins. Continues without the
// file.
#pragma once

#include "daemon/agent/ask/history_window.hpp"
#include "daemon/agent/ask/model_turns.hpp"
#include "daemon/agent/tools/call_origin.hpp"
#include "drivers/store/agent/conversations.hpp"

namespace volt::agent {

/// Maximum messages to read of one conversation, and again of those before its summary, for tool results in them.
inline constexpr std::size_t most_read_messages = 400;
inline constexpr int most_read_pages = 50;

class KeptConversation {
public:
    /// `client`: login of the caller.
    KeptConversation(AgentStore& store, std::string client) : store_(store), client_(std::move(client)) {}

    /// Opens the conversation with this id or prefix, or the last one; if both are empty, the question starts a new one.
    /// `shared`: who may read it. A conversation that others may read is not continued; a new one begins. Returns the reason
    /// there is no such conversation, or an empty string.
    std::string open(const std::string& id, bool last, const std::string& shared, const std::string& question);
    /// Stores the question itself.
    void add_question(const std::string& text);
    void add_tool(const ToolUse& use);
    void add_answer(const std::string& text, const Json& facts, std::int64_t duration_ms, std::int64_t tokens_in,
                    std::int64_t tokens_out);
    void log(const char* level, const char* event, const std::string& text, const Json& data = {});
    void summarize(const std::string& summary, std::int64_t to);

    const std::string& id() const { return id_; }
    /// Returns the origin of this model's next call. It is tainted once a tool gave external text in this conversation.
    CallOrigin origin(const std::string& model) const;
    /// Returns the messages before the question, without the summary and those it covers. With `models_only`, also without
    /// answers of commands.
    std::vector<PastMessage> past(bool models_only) const;
    const std::string& summary() const { return summary_; }
    /// Returns the answers of tools in this conversation so far.
    const std::vector<Json>& results() const { return results_; }
    /// Returns true if a long result of an earlier question was stored without all that the checks need.
    bool is_partly_known() const { return partly_known_; }
    bool was_moved() const { return moved_; }
    /// Returns the reason something is not in agent.db, or an empty string if all is.
    const std::string& not_kept() const { return not_kept_; }

private:
    void read(std::int64_t summarized_to);
    bool begin(const std::string& shared, const std::string& question);
    void note(const std::string& wrong);
    void take_taint(const std::string& tool);
    void take_kept(const AgentMessage& message);

    AgentStore& store_;
    const std::string client_;
    std::string id_{}, summary_{}, not_kept_{};
    std::vector<AgentMessage> messages_{};
    std::vector<Json> results_{};
    bool moved_ = false, tainted_ = false, partly_known_ = false;
};

}  // namespace volt::agent
