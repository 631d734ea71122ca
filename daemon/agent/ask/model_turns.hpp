// Question to a model: it calls tools one after the other until it answers. Every round, call, retry and second is bounded.
#pragma once

#include <chrono>
#include <functional>

#include "daemon/agent/ask/chat.hpp"
#include "daemon/agent/ask/privacy.hpp"
#include "drivers/http/model_client.hpp"

namespace volt::agent {

/// Maximum rounds of one question. In the last round, and after the last call, the model must answer.
inline constexpr int most_rounds = 8;
inline constexpr std::size_t most_calls = 24;
/// Maximum retries after an error that a retry may fix.
inline constexpr int most_retries = 2;
inline constexpr std::chrono::milliseconds first_retry_pause{500};

/// Executed call.
struct ToolUse {
    std::string name{};
    Json arguments{}, answer{};
    std::string error{};      ///< empty if successful
    bool unknown = false;     ///< no such tool, or it is not offered
    bool over_limit = false;  ///< the error is an exceeded limit
    std::int64_t duration_ms = 0;
};

/// Limits of the model, and its address.
struct ModelAsk {
    ModelEndpoint endpoint{};
    std::string model{};
    std::chrono::milliseconds timeout{};          ///< for one request
    std::chrono::steady_clock::time_point end{};  ///< deadline of the whole question
    Sharing sharing{};
    std::vector<const Tool*> tools{};
    std::function<ToolOutcome(const Tool&, const Json& arguments, const CallTime&)> run{};
    std::function<void(const ToolUse&)> used{};  ///< called after each call, before the next one
};

/// Result of the question.
struct ModelSays {
    std::string text{};     ///< the answer
    std::string trouble{};  ///< reason there is no answer, or empty if there is one
    bool cut = false;       ///< the answer is truncated
    std::int64_t tokens_in = 0, tokens_out = 0;
    int requests = 0;
};

/// Runs the question. `messages`: the system prompt, earlier messages, the question. Never throws because of the model's output.
ModelSays ask_in_turns(const ModelAsk& ask, Json messages);

}  // namespace volt::agent
