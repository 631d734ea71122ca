// Tests of questions over HTTP, and of the answer statistics.
#include "daemon/agent/http/ask_routes.hpp"

#include <doctest/doctest.h>

#include <future>
#include <list>

#include "tests/daemon/agent/http/served_agent.hpp"
#include "tests/fakes/model_server.hpp"

using namespace volt;
using namespace volt::agent;
using fakes::ModelReply;
using fakes::ModelServer;
using volt::agent::testing::HttpSaid;
using volt::agent::testing::ServedAgent;

namespace ask_routes_test {

namespace {

std::optional<ModelConfig> model_of(const ModelServer& server) {
    ModelConfig model;
    model.url = server.url();
    model.name = "m";
    model.timeout_s = 30;
    return model;
}

}  // namespace

TEST_CASE("stores a question with tool call, result and duration") {
    const ModelServer server([](const Json& request, int) {
        return ModelReply{.body = request["messages"].back()["role"] == "tool" ? fakes::model_text("It is well.")
                                                                               : fakes::model_call("get_status", "{}")};
    });
    const ServedAgent at(model_of(server));
    const HttpSaid answered = at.post("/ask", {{"message", "What is my current battery level?"}});
    REQUIRE_MESSAGE(answered.status == 200, answered.body);
    const Json answer = answered.json();
    CHECK(answer["response"] == "It is well.");
    CHECK(answer["answered_by"] == "model");
    const Json kept = at.get("/conversations/" + answer["conversation"].get<std::string>()).json();
    REQUIRE(kept["messages"].size() == 3);
    CHECK(kept["messages"][1]["role"] == "tool");
    CHECK(kept["messages"][1]["duration_ms"].is_number());
    CHECK(kept["messages"][1]["tool_results"].is_array());
    const Json more = at.post("/ask", {{"message", "And now?"}, {"conversation", answer["conversation"]}}).json();
    CHECK(more["conversation"] == answer["conversation"]);
    const Json stats = at.get("/system/stats").json();
    CHECK(stats["conversations"] == 1);
    CHECK(stats["conversations_today"] == 1);
    CHECK(stats["events_24h"].get<int>() > 0);
    CHECK(stats["snapshots"].is_number());
    CHECK(stats["ask"]["questions"] == 2);
    CHECK(stats["ask"]["tools"]["get_status"].get<int>() >= 1);
}

TEST_CASE("rejects an invalid question and answers without a model") {
    const ServedAgent at;
    for (const Json& wrong : {Json::object(), Json{{"message", 5}}, Json{{"message", ""}}, Json{{"message", "a"}, {"x", 1}},
                              Json{{"message", "a"}, {"conversation", 5}}, Json{{"message", "a"}, {"conversation", "none-such"}},
                              Json{{"message", std::string(most_asked_bytes + 1, 'a')}}}) {
        const HttpSaid refused = at.post("/ask", wrong);
        CHECK_MESSAGE(refused.status == 400, wrong.dump().substr(0, 80));
        CHECK(refused.json().contains("error"));
    }
    const Json answer = at.post("/ask", {{"message", "why is the dump load off?"}}).json();
    CHECK_MESSAGE(answer["answered_by"] == "command", answer.dump());
}

TEST_CASE("answers 503 beyond four questions at once") {
    std::promise<void> go;
    const std::shared_future<void> gone = go.get_future().share();
    const ModelServer server([gone](const Json&, int) {
        gone.wait();
        return ModelReply{.body = fakes::model_text("Done.")};
    });
    const ServedAgent at(model_of(server));
    std::list<std::future<HttpSaid>> asked;
    for (int i = 0; i < most_questions_at_once; ++i)
        asked.push_back(std::async(std::launch::async, [&] { return at.post("/ask", {{"message", "What now?"}}); }));
    HttpSaid more;
    CHECK(volt::testing::eventually([&] {
        // Until the four have started, this one is rejected for its empty text.
        const auto kept = at.get("/conversations").json()["conversations"];
        return kept.size() == most_questions_at_once;
    }));
    more = at.post("/ask", {{"message", "And this?"}});
    CHECK(more.status == 503);
    CHECK(more.head.find("Retry-After: 5") != std::string::npos);
    go.set_value();
    for (auto& one : asked) CHECK(one.get().json()["response"] == "Done.");
}

}  // namespace ask_routes_test
