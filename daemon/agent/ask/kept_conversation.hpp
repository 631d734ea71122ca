// One conversation in agent.db while a question is answered: each part is kept before the next one begins. Without the file it goes on.
#pragma once

#include "daemon/agent/ask/history_window.hpp"
#include "daemon/agent/ask/model_turns.hpp"
#include "daemon/agent/tools/call_origin.hpp"
#include "drivers/store/agent/conversations.hpp"

namespace volt::agent {

/// Messages of one conversation that are read, and of those before its summary once more, for the results of tools in them.
inline constexpr std::size_t most_read_messages = 400;
inline constexpr int most_read_pages = 50;

class KeptConversation {
public:
    /// `client`: the login.
    KeptConversation(AgentStore& store, std::string client) : store_(store), client_(std::move(client)) {}

    /// The one with this id or its beginning, or the last one; both empty: a new one begins with the question. `shared`: who may read it; a
    /// conversation that others may read is not continued, and a new one begins. Not empty: why there is no such conversation.
    std::string open(const std::string& id, bool last, const std::string& shared, const std::string& question);
    /// The question itself.
    void add_question(const std::string& text);
    void add_tool(const ToolUse& use);
    void add_answer(const std::string& text, const Json& facts, std::int64_t duration_ms, std::int64_t tokens_in,
                    std::int64_t tokens_out);
    void log(const char* level, const char* event, const std::string& text, const Json& data = {});
    void summarize(const std::string& summary, std::int64_t to);

    const std::string& id() const { return id_; }
    /// Of the next call of this model: it is tainted once a tool gave a text from outside in this conversation.
    CallOrigin origin(const std::string& model) const;
    /// What was said before the question, without the summary and what it covers, and without answers of commands where `models_only`.
    std::vector<PastMessage> past(bool models_only) const;
    const std::string& summary() const { return summary_; }
    /// The answers of tools in this conversation, until now.
    const std::vector<Json>& results() const { return results_; }
    /// A long one of an earlier question was kept without all that the checks need.
    bool is_partly_known() const { return partly_known_; }
    bool was_moved() const { return moved_; }
    /// Why something is not in agent.db; empty: all is.
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
