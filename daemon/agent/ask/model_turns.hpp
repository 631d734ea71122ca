// A question to a model: it calls tools, one after the other, until it answers. Every round, call, retry and second is bounded.
#pragma once

#include <chrono>
#include <functional>

#include "daemon/agent/ask/chat.hpp"
#include "daemon/agent/ask/privacy.hpp"
#include "drivers/http/model_client.hpp"

namespace volt::agent {

/// Of one question. In the last round, and after the last call, the model is asked for its answer.
inline constexpr int most_rounds = 8;
inline constexpr std::size_t most_calls = 24;
/// After an answer that another try may mend.
inline constexpr int most_retries = 2;
inline constexpr std::chrono::milliseconds first_retry_pause{500};

/// A call that was made.
struct ToolUse {
    std::string name{};
    Json arguments{}, answer{};
    std::string error{};      ///< empty: well
    bool unknown = false;     ///< there is no such tool, or it is not offered
    bool over_limit = false;  ///< the error is a limit that was reached
    std::int64_t duration_ms = 0;
};

/// What the model may do, and where it is.
struct ModelAsk {
    ModelEndpoint endpoint{};
    std::string model{};
    std::chrono::milliseconds timeout{};          ///< of one request
    std::chrono::steady_clock::time_point end{};  ///< of the whole question
    Sharing sharing{};
    std::vector<const Tool*> tools{};
    std::function<ToolOutcome(const Tool&, const Json& arguments, const CallTime&)> run{};
    std::function<void(const ToolUse&)> used{};  ///< after each call, before the next one
};

/// What came of it.
struct ModelSays {
    std::string text{};     ///< the answer
    std::string trouble{};  ///< why there is none; empty: there is one
    bool cut = false;       ///< the answer has no end
    std::int64_t tokens_in = 0, tokens_out = 0;
    int requests = 0;
};

/// `messages`: the system's, those of before, the question. Never throws for what the model sends.
ModelSays ask_in_turns(const ModelAsk& ask, Json messages);

}  // namespace volt::agent
