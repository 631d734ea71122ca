#include "daemon/agent/ask/model_turns.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/model_server.hpp"

using namespace volt;
using namespace volt::agent;
using fakes::model_call;
using fakes::model_text;
using fakes::ModelReply;
using fakes::ModelServer;

namespace model_turns_test {

namespace {

/// Model with two tools. `runs` counts the executed calls.
struct Talk {
    ModelServer server;
    std::vector<ToolUse> uses{};
    int runs = 0;
    Sharing sharing{};

    explicit Talk(ModelServer::Answering answering) : server(std::move(answering)) {}
    ModelSays ask(std::chrono::milliseconds limit = std::chrono::seconds{60}) {
        ModelAsk it{.endpoint = {server.url(), ""},
                    .model = "m",
                    .timeout = limit,
                    .end = std::chrono::steady_clock::now() + limit,
                    .sharing = sharing};
        for (const Tool& tool : tool_table())
            if (tool.name == std::string("explain") || tool.name == std::string("get_status")) it.tools.push_back(&tool);
        it.run = [this](const Tool& tool, const Json& arguments, const CallTime&) {
            ++runs;
            const std::string wrong = argument_refusal(tool, arguments);
            return wrong.empty() ? ToolOutcome{{{"voltage_v", 52.3}, {"who", "pi"}}, ""} : ToolOutcome{{}, wrong};
        };
        it.used = [this](const ToolUse& use) { uses.push_back(use); };
        return ask_in_turns(it, Json::array({chat_message("user", "why?")}));
    }
};

}  // namespace

TEST_CASE("answers after a tool call") {
    Talk talk([](const auto& request, int) {
        const bool asked = request["messages"].back()["role"] == "tool";
        return ModelReply{.body = asked ? model_text("52.3 V") : model_call("get_status", "{}")};
    });
    const ModelSays says = talk.ask();
    CHECK(says.text == "52.3 V");
    CHECK(says.trouble == "");
    CHECK(says.requests == 2);
    REQUIRE(talk.uses.size() == 1);
    CHECK(talk.uses[0].answer["voltage_v"] == 52.3);
    const auto requests = talk.server.requests();
    CHECK(requests[0]["tool_choice"] == "auto");
    CHECK(requests[0]["tools"].size() == 2);
    CHECK(requests[0]["stream"] == false);
    CHECK(requests[1]["messages"].back()["content"] == R"({"voltage_v":52.3,"who":"pi"})");
}

TEST_CASE("returns tool errors to the model and continues") {
    const std::pair<nlohmann::json, std::string> wrongs[] = {{"{load", "not a JSON object"},
                                                             {{{"lod", "x"}}, "did you mean 'load'"}};
    for (const auto& row : wrongs) {
        const nlohmann::json given = row.first;
        Talk talk([given](const auto&, int number) {
            return ModelReply{.body = number == 1 ? model_call("explain", given) : model_text("done")};
        });
        CHECK(talk.ask().text == "done");
        CHECK(talk.uses.at(0).error.find(row.second) != std::string::npos);
        const std::string back = talk.server.requests()[1]["messages"].back()["content"];
        CHECK(back.find("error") != std::string::npos);
    }
    Talk unknown([](const auto&, int number) {
        return ModelReply{.body = number == 1 ? model_call("approve", "{}") : model_text("done")};
    });
    CHECK(unknown.ask().text == "done");
    CHECK(unknown.uses.at(0).unknown);
    CHECK(unknown.uses.at(0).error == "there is no tool 'approve'; valid tools: get_status, explain");
    CHECK(unknown.runs == 0);
}

TEST_CASE("renumbers two calls with the same id") {
    Talk talk([](const auto&, int number) {
        return ModelReply{.body = number == 1 ? model_call("get_status", "{}", 2) : model_text("done")};
    });
    CHECK(talk.ask().text == "done");
    CHECK(talk.runs == 2);
    const nlohmann::json messages = talk.server.requests()[1]["messages"];
    CHECK(messages[1]["tool_calls"][0]["id"] == messages[2]["tool_call_id"]);
    CHECK(messages[1]["tool_calls"][1]["id"] == messages[3]["tool_call_id"]);
    CHECK(messages[2]["tool_call_id"] != messages[3]["tool_call_id"]);
}

TEST_CASE("ends endless calls and requests an answer") {
    Talk rounds([](const auto&, int) { return ModelReply{.body = model_call("get_status", "{}")}; });
    CHECK(rounds.ask().trouble == "the model called tools but gave no answer");
    CHECK(rounds.server.requests().size() == most_rounds);
    CHECK(rounds.runs == most_rounds - 1);
    CHECK(rounds.server.requests().back()["tool_choice"] == "none");
    Talk calls([](const auto&, int) { return ModelReply{.body = model_call("get_status", "{}", 20)}; });
    CHECK(calls.ask().trouble != "");
    CHECK(calls.runs == static_cast<int>(most_calls));
    Talk answered([](const auto& request, int) {
        return ModelReply{.body = request["tool_choice"] == "none" ? model_text("at last") : model_call("get_status", "{}", 10)};
    });
    CHECK(answered.ask().text == "at last");
    CHECK(answered.runs == static_cast<int>(most_calls));
}

TEST_CASE("retries at most twice, only where it may help") {
    const std::pair<ModelReply, std::size_t> rows[] = {{{.status = 500}, 3},
                                                       {{.status = 429}, 3},
                                                       {{.body = "no JSON"}, 3},
                                                       {{.body = model_text("")}, 3},
                                                       {{.body = std::string(5 << 20, 'x')}, 1},
                                                       {{.status = 401}, 1},
                                                       {{.status = 404}, 1}};
    for (const auto& row : rows) {
        const ModelReply sent = row.first;
        Talk talk([sent](const auto&, int) { return sent; });
        CHECK(talk.ask().trouble != "");
        CHECK(talk.server.requests().size() == row.second);
    }
    Talk mended(
        [](const auto&, int number) { return number == 1 ? ModelReply{.status = 503} : ModelReply{.body = model_text("well")}; });
    CHECK(mended.ask().text == "well");
}

TEST_CASE("ends everything at the question's deadline") {
    Talk drip([](const auto&, int) { return ModelReply{.body = model_text(std::string(10'000, 'x')), .drip = true}; });
    CHECK(drip.ask(std::chrono::milliseconds{300}).trouble.find("did not answer in time") != std::string::npos);
    Talk busy([](const auto&, int) { return ModelReply{.status = 500}; });
    CHECK(busy.ask(std::chrono::milliseconds{400}).trouble != "");
    CHECK(busy.server.requests().size() == 1);
}

TEST_CASE("filters private data for a public address") {
    Talk talk([](const auto&, int number) {
        return ModelReply{.body = number == 1 ? model_call("get_status", "{}") : model_text("done")};
    });
    talk.sharing = {false, {"status"}};
    CHECK(talk.ask().text == "done");
    CHECK(talk.server.requests()[1]["messages"].back()["content"] == R"({"voltage_v":52.3,"who":"[removed]"})");
}

}  // namespace model_turns_test
