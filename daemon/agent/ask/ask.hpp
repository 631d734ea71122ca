// Answers a question in words: by a model that calls tools, else by the nearest read-only command, else by passages of documents.
#pragma once

#include <optional>

#include "daemon/agent/ask/kept_conversation.hpp"

namespace volt::agent {

/// Maximum length of a question in bytes.
inline constexpr std::size_t most_asked_bytes = 4000;

struct AskQuestion {
    std::string text{};
    std::string conversation{};  ///< id or its beginning, or empty to start a new one
    bool last = false;           ///< instead of an id: the last conversation used
    std::string client{};        ///< login of the caller
};

struct AskAnswer {
    std::string response{}, conversation{}, query{};
    std::string answered_by{};             ///< model, command, search
    std::string refusal{};                 ///< reason the question was rejected
    std::vector<std::string> tools{};      ///< calls in order; a command as its line
    std::vector<std::string> sources{};    ///< URIs that the answer cites
    std::vector<std::string> unchecked{};  ///< numbers and sources that are not from the site's data
    std::vector<std::string> waiting{};    ///< numbers of the new proposals
    std::vector<std::string> notes{};      ///< notes: truncated, summarized, not stored
    std::int64_t duration_ms = 0;
    int code = 0;  ///< 0 answered, 1 nothing found or rejected, 3 cannot reach voltd
};

/// Sources of the answer.
struct AskPlace {
    SiteLink& site;
    std::string url{};       ///< address of voltd's API
    std::string key_file{};  ///< file with the API key
    std::vector<ToolGroup> groups{};
    std::optional<ModelConfig> model{};  ///< empty if none is configured
    AgentStore& store;
};

/// Answers a question. It must be valid UTF-8, not empty, and at most most_asked_bytes long. Takes at most twice model.timeout_s,
/// plus the time of a command if the model fails.
AskAnswer answer_question(const AskPlace& place, const AskQuestion& question);

/// Returns the answer in the format of `ask --json` and POST /ask.
Json answer_json(const AskAnswer& answer);
/// Returns the answer for a terminal.
std::string answer_text(const AskAnswer& answer);

}  // namespace volt::agent
