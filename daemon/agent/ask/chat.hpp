// The chat completions of OpenAI as text: what is sent, and what an answer says. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/agent/tools/tool.hpp"
#include "drivers/result.hpp"

namespace volt::agent {

/// The longest text of an answer that is kept and shown, in bytes.
inline constexpr std::size_t most_answer_text = std::size_t{32} * 1024;
/// Calls that are read of one answer; those behind are not.
inline constexpr std::size_t most_calls_in_turn = 24;

/// A call that the model wants.
struct ModelCall {
    std::string name{};
    Json arguments = Json::object();
    std::string wrong{};  ///< why the arguments are none; empty: well
};

/// One answer of the model: a text, or calls.
struct ModelTurn {
    std::string text{};
    std::vector<ModelCall> calls{};
    bool cut = false;  ///< finish_reason: length
    std::int64_t tokens_in = 0, tokens_out = 0;
};

/// Failures are `retry`: no JSON, no completion, nothing in it.
Result<ModelTurn> read_turn(const std::string& body);

/// At most so many bytes of UTF-8; no character is cut in two.
std::string cut_text(std::string text, std::size_t most);

/// The tools as `tools` of a request.
Json chat_tools(const std::vector<const Tool*>& tools);
/// A message of a role with a text.
Json chat_message(const char* role, const std::string& text);
/// The calls of a turn as the message that they came in; the ids are `call_<first>` and on, whatever the model named them.
Json calls_message(const ModelTurn& turn, std::size_t first);
/// The result of the call with this number.
Json result_message(std::size_t number, const std::string& text);

}  // namespace volt::agent
