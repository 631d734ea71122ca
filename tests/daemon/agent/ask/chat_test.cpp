#include "daemon/agent/ask/chat.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/model_server.hpp"

using namespace volt;
using namespace volt::agent;
using fakes::model_call;
using fakes::model_text;

namespace chat_test {

namespace {

ModelTurn turn_of(const std::string& body) {
    const auto turn = read_turn(body);
    REQUIRE_MESSAGE(turn.ok(), body.substr(0, 200));
    return turn.value();
}

}  // namespace

TEST_CASE("reads a text in one or more parts without reasoning") {
    const ModelTurn turn = turn_of(model_text(" 52.3 V\n"));
    CHECK(turn.text == "52.3 V");
    CHECK(!turn.cut);
    CHECK(turn.tokens_in == 7);
    CHECK(turn.tokens_out == 3);
    CHECK(turn_of(R"({"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}}]})").text ==
          "ab");
    CHECK(turn_of(model_text("<think>much</think>\nlittle")).text == "little");
    CHECK(turn_of(model_text("cut her", "length")).cut);
    CHECK(turn_of(model_text("red \x1b[31m and \xe2\x80\xae back\nnext")).text == "red  [31m and   back\nnext");
    const ModelTurn large = turn_of(model_text(std::string(most_answer_text, 'a') + "\xc3\xa4"));
    CHECK(large.text.size() == most_answer_text);
    CHECK(large.cut);
}

TEST_CASE("reads call arguments as text or object, rejecting others") {
    const auto call = [](const nlohmann::json& arguments) { return turn_of(model_call("explain", arguments)).calls.at(0); };
    CHECK(call(R"({"load":"x"})").arguments == Json{{"load", "x"}});
    CHECK(call({{"load", "x"}}).arguments == Json{{"load", "x"}});
    CHECK(call("").arguments == Json::object());
    CHECK(call(nullptr).arguments == Json::object());
    for (const nlohmann::json& bad :
         {nlohmann::json("{load"), nlohmann::json("[1]"), nlohmann::json(7), nlohmann::json(std::string(1000, '['))})
        CHECK(call(bad).wrong == "the arguments are not a JSON object");
    CHECK(turn_of(model_call(std::string(1000, 'n'), {})).calls[0].name.size() == 64);
    CHECK(turn_of(model_call("explain", {}, 100)).calls.size() == most_calls_in_turn);
}

TEST_CASE("retries after an invalid completion") {
    for (const std::string& body :
         {std::string(), std::string("<html>"), std::string("[]"), std::string("{}"), std::string(R"({"choices":[]})"),
          std::string(R"({"choices":[7]})"), std::string(R"({"choices":[{"message":{"content":7,"tool_calls":{}}}]})"),
          model_text(""), model_text("<think>no end"), std::string(100'000, '['), std::string("\xff\xfe")}) {
        const auto turn = read_turn(body);
        REQUIRE_MESSAGE(!turn, body.substr(0, 100));
        CHECK(turn.failure().fault == Fault::retry);
    }
}

TEST_CASE("replaces call ids, because a model may repeat one") {
    const Json message = calls_message(turn_of(model_call("explain", R"({"load":"x"})", 2)), 3);
    CHECK(message["tool_calls"][0]["id"] == "call_3");
    CHECK(message["tool_calls"][1]["id"] == "call_4");
    CHECK(message["tool_calls"][1]["function"]["arguments"] == R"({"load":"x"})");
    CHECK(result_message(4, "{}")["tool_call_id"] == "call_4");
    const std::vector<const Tool*> tools = {&tool_table().front()};
    CHECK(chat_tools(tools)[0]["function"]["name"] == tool_table().front().name);
}

}  // namespace chat_test
