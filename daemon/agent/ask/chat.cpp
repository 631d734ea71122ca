#include "daemon/agent/ask/chat.hpp"

#include <algorithm>

#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr std::size_t most_call_name = 64;
constexpr std::string_view think_begin = "<think>", think_end = "</think>";

const Json& member_of(const Json& object, const char* key) {
    static const Json none;
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found == object.end() ? none : *found;
}

std::string text_of_member(const Json& object, const char* key) {
    const Json& value = member_of(object, key);
    return value.is_string() ? value.get<std::string>() : "";
}

std::int64_t count_of(const Json& object, const char* key) {
    const Json& value = member_of(object, key);
    return value.is_number_unsigned()
               ? static_cast<std::int64_t>(std::min<std::uint64_t>(value.get<std::uint64_t>(), 1'000'000'000))
               : 0;
}

/// Some servers send the text in parts, and some models send their reasoning before it.
std::string text_of_message(const Json& message) {
    std::string text = text_of_member(message, "content");
    if (const Json& parts = member_of(message, "content"); parts.is_array())
        for (const Json& part : parts) text += text_of_member(part, "text");
    if (const std::size_t begin = text.find_first_not_of(" \n\r\t");
        text.substr(std::min(begin, text.size())).starts_with(think_begin)) {
        const std::size_t end = text.find(think_end);
        text = end == std::string::npos ? "" : text.substr(end + think_end.size());
    }
    const std::size_t first = text.find_first_not_of(" \n\r\t"), last = text.find_last_not_of(" \n\r\t");
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

ModelCall call_of(const Json& item) {
    ModelCall call;
    const Json& function = member_of(item, "function");
    call.name = text_of_member(function, "name").substr(0, most_call_name);
    const Json& given = member_of(function, "arguments");
    if (given.is_object()) {
        call.arguments = given;
    } else if (given.is_string() && !given.get_ref<const std::string&>().empty()) {
        const std::string& text = given.get_ref<const std::string&>();
        Json read = depth_of(text) <= most_message_depth ? Json::parse(text, nullptr, false) : Json();
        if (read.is_object()) call.arguments = std::move(read);
        else call.wrong = "the arguments are not a JSON object";
    } else if (!given.is_null() && !given.is_string()) {
        call.wrong = "the arguments are not a JSON object";
    }
    return call;
}

std::string call_id(std::size_t number) { return "call_" + std::to_string(number); }

}  // namespace

Result<ModelTurn> read_turn(const std::string& body) {
    const Failure no_json{Fault::retry, "the model's answer is not JSON"};
    if (depth_of(body) > most_message_depth) return no_json;
    const Json answer = Json::parse(body, nullptr, false);
    if (!answer.is_object()) return no_json;
    const Json& choices = member_of(answer, "choices");
    if (!choices.is_array() || choices.empty()) return Failure{Fault::retry, "the model's answer has no choices"};
    const Json& message = member_of(choices.front(), "message");
    ModelTurn turn;
    turn.text = text_of_message(message);
    Json text = turn.text;
    clean_texts(text);
    const bool long_text = text.get_ref<const std::string&>().size() > most_answer_text;
    turn.text = cut_text(text, most_answer_text);
    turn.cut = long_text || text_of_member(choices.front(), "finish_reason") == "length";
    if (const Json& calls = member_of(message, "tool_calls"); calls.is_array())
        for (const Json& item : calls)
            if (turn.calls.size() < most_calls_in_turn) turn.calls.push_back(call_of(item));
    turn.tokens_in = count_of(member_of(answer, "usage"), "prompt_tokens");
    turn.tokens_out = count_of(member_of(answer, "usage"), "completion_tokens");
    if (!turn.text.empty() || !turn.calls.empty()) return turn;
    return Failure{Fault::retry,
                   turn.cut ? "the model's answer was cut off before its first word" : "the model's answer is empty"};
}

std::string cut_text(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
    text.resize(most);
    return text;
}

Json chat_tools(const std::vector<const Tool*>& tools) {
    Json list = Json::array();
    for (const Tool* tool : tools) {
        const Json shown = tool_json(*tool);
        list.push_back(
            {{"type", "function"},
             {"function",
              {{"name", shown.at("name")}, {"description", shown.at("description")}, {"parameters", shown.at("inputSchema")}}}});
    }
    return list;
}

Json chat_message(const char* role, const std::string& text) { return {{"role", role}, {"content", text}}; }

Json calls_message(const ModelTurn& turn, std::size_t first) {
    Json calls = Json::array();
    for (const ModelCall& call : turn.calls)
        calls.push_back({{"id", call_id(first++)},
                         {"type", "function"},
                         {"function", {{"name", call.name}, {"arguments", json_text(call.arguments)}}}});
    return {{"role", "assistant"}, {"content", turn.text}, {"tool_calls", std::move(calls)}};
}

Json result_message(std::size_t number, const std::string& text) {
    return {{"role", "tool"}, {"tool_call_id", call_id(number)}, {"content", text}};
}

}  // namespace volt::agent
