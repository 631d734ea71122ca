// A question in words, answered: by a model that calls the tools, else by the nearest command that reads, else by passages of documents.
#pragma once

#include <optional>

#include "daemon/agent/ask/kept_conversation.hpp"

namespace volt::agent {

/// The longest question, in bytes.
inline constexpr std::size_t most_asked_bytes = 4000;

struct AskQuestion {
    std::string text{};
    std::string conversation{};  ///< its id, or the beginning of it; empty: a new one
    bool last = false;           ///< in place of the id: the one that was used last
    std::string client{};        ///< the login
};

struct AskAnswer {
    std::string response{}, conversation{}, query{};
    std::string answered_by{};             ///< model, command, search
    std::string refusal{};                 ///< nothing was asked: why
    std::vector<std::string> tools{};      ///< what was called, in order; a command as its line
    std::vector<std::string> sources{};    ///< URIs that the answer cites
    std::vector<std::string> unchecked{};  ///< numbers and sources that are not from the site's data
    std::vector<std::string> waiting{};    ///< numbers of the proposals that were made
    std::vector<std::string> notes{};      ///< what else to know: cut, summarized, not kept
    std::int64_t duration_ms = 0;
    int code = 0;  ///< 0 answered, 1 nothing found or refused, 3 voltd is not reached
};

/// Where the answer comes from.
struct AskPlace {
    SiteLink& site;
    std::string url{};       ///< of voltd's API
    std::string key_file{};  ///< with the key for it
    std::vector<ToolGroup> groups{};
    std::optional<ModelConfig> model{};  ///< nothing: none is configured
    AgentStore& store;
};

/// The question must be valid UTF-8, not empty, at most most_asked_bytes. Takes at most twice
/// model.timeout_s, and what a command takes where the model fails.
AskAnswer answer_question(const AskPlace& place, const AskQuestion& question);

/// As `ask --json` and POST /ask have it.
Json answer_json(const AskAnswer& answer);
/// As a terminal shows it.
std::string answer_text(const AskAnswer& answer);

}  // namespace volt::agent
