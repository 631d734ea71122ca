// OpenAI chat completions as text: requests and parsed answers. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/agent/tools/tool.hpp"
#include "drivers/result.hpp"

namespace volt::agent {

/// Maximum text of an answer to store and show, in bytes.
inline constexpr std::size_t most_answer_text = std::size_t{32} * 1024;
/// Maximum calls read from one answer; the rest is ignored.
inline constexpr std::size_t most_calls_in_turn = 24;

/// Call that the model requests.
struct ModelCall {
    std::string name{};
    Json arguments = Json::object();
    std::string wrong{};  ///< error in the arguments, or empty if valid
};

/// Answer of the model: a text, or calls.
struct ModelTurn {
    std::string text{};
    std::vector<ModelCall> calls{};
    bool cut = false;  ///< finish_reason: length
    std::int64_t tokens_in = 0, tokens_out = 0;
};

/// Parses an answer. Failures are `retry`: no JSON, no completion, or an empty one.
Result<ModelTurn> read_turn(const std::string& body);

/// Truncates UTF-8 to at most `most` bytes without splitting a character.
std::string cut_text(std::string text, std::size_t most);

/// Returns the tools in the format of a request's `tools`.
Json chat_tools(const std::vector<const Tool*>& tools);
/// Returns a message with a role and a text.
Json chat_message(const char* role, const std::string& text);
/// Returns the calls of a turn as an assistant message. The ids are `call_<first>` and up, whatever the model named them.
Json calls_message(const ModelTurn& turn, std::size_t first);
/// Returns the result of the call with this number.
Json result_message(std::size_t number, const std::string& text);

}  // namespace volt::agent
