// Tests of conversations and memory over HTTP.
#include "daemon/agent/http/kept_routes.hpp"

#include <doctest/doctest.h>

#include "drivers/store/agent/proposal_rows.hpp"
#include "tests/daemon/agent/http/served_agent.hpp"

using namespace volt;
using namespace volt::agent;
using volt::agent::testing::HttpSaid;
using volt::agent::testing::ServedAgent;

namespace kept_routes_test {

TEST_CASE("lists, searches, reads and removes conversations") {
    ServedAgent at;
    CHECK(at.get("/conversations").json() == Json{{"conversations", Json::array()}});
    const std::string id =
        begin_conversation(at.store, {.agent_role = "ask", .client = "http", .title = "Why is it off?", .created_ms = 1000})
            .value();
    REQUIRE(add_message(at.store, id, {.created_ms = 1000, .role = "user", .content = "Why is the heater off?"}));
    REQUIRE(add_message(
        at.store, id,
        {.created_ms = 2000, .role = "tool", .content = "explain", .tool_results = R"({"load":"x"})", .duration_ms = 12}));
    const Json listed = at.get("/conversations?q=heater").json()["conversations"];
    REQUIRE(listed.size() == 1);
    CHECK(listed[0]["id"] == id);
    CHECK(listed[0]["messages"] == 2);
    CHECK(at.get("/conversations?q=nothing").json()["conversations"].empty());
    const Json read = at.get("/conversations/" + id).json();
    CHECK(read["conversation"]["title"] == "Why is it off?");
    CHECK(read["messages"][1]["tool_results"]["load"] == "x");
    CHECK(read["messages"][1]["duration_ms"] == 12);
    CHECK(read["messages"][0]["at"] == "1970-01-01T00:00:01Z");
    CHECK(at.get("/conversations/" + id.substr(0, 8)).status == 200);
    CHECK(at.ask("DELETE", "/conversations/" + id.substr(0, 8)).status == 404);
    CHECK(at.ask("DELETE", "/conversations/" + id).status == 204);
    CHECK(at.get("/conversations/" + id).status == 404);
    for (const char* wrong : {"limit=0", "limit=x", "limit=501", "limit=", "order=up"})
        CHECK_MESSAGE(at.get("/conversations?" + std::string(wrong)).status == 400, std::string(wrong));
}

TEST_CASE("pages a long conversation by number and size") {
    ServedAgent at;
    const auto filled = [&](int messages, int bytes) {
        const std::string id =
            begin_conversation(at.store, {.agent_role = "ask", .client = "c", .title = "t", .created_ms = 1}).value();
        REQUIRE(at.store.keep([&](Connection& db) {
            return db
                .prepare(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) INSERT INTO messages "
                    "(conversation_id, created_at, role, content) SELECT ?1, i, 'user', printf('%0*d', ?3, i) FROM n")
                .bind(1, id)
                .bind(2, std::int64_t{messages})
                .bind(3, std::int64_t{bytes})
                .run();
        }) == "");
        return "/conversations/" + id;
    };
    const auto last_id = [](const Json& page) { return page["messages"].back()["id"].dump(); };
    const std::string many = filled(1001, 4);
    const Json first = at.get(many).json();
    CHECK(first["messages"].size() == 1000);
    CHECK(first["cut"] == true);
    const Json second = at.get(many + "?after=" + last_id(first)).json();
    REQUIRE(second["messages"].size() == 1);
    CHECK(second["messages"][0]["content"] == "1001");
    CHECK(second["cut"] == false);
    CHECK(at.get(many + "?after=" + last_id(second)).json()["messages"].empty());
    CHECK(at.get(filled(1000, 4)).json()["cut"] == false);
    const std::string large = filled(40, 60'000);
    std::string path = large;
    int read = 0, pages = 0;
    for (Json page = at.get(path).json(); ++pages < 10; page = at.get(path).json()) {
        for (const Json& it : page["messages"]) CHECK(std::stoi(it["content"].get<std::string>()) == ++read);
        if (page["cut"] == false) break;
        path = large + "?after=" + last_id(page);
    }
    CHECK(read == 40);
    CHECK(pages == 3);
    for (const char* wrong : {"0", "-1", "x", "", "99999999999999999999"})
        CHECK_MESSAGE(at.get(large + "?after=" + wrong).status == 400, std::string(wrong));
}

TEST_CASE("adds, finds and forgets memory within bounds") {
    ServedAgent at;
    const auto added = at.post("/memory", {{"kind", "preference"}, {"text", "Answer in short sentences."}, {"importance", 0.9}});
    CHECK(added.status == 201);
    const std::int64_t id = added.json()["id"];
    const Json found = at.get("/memory?q=sentences").json()["memory"];
    REQUIRE(found.size() == 1);
    CHECK(found[0]["id"] == id);
    CHECK(found[0]["importance"] == 0.9);
    CHECK(found[0]["role"] == "owner");
    CHECK(at.get("/memory?kind=fact").json()["memory"].empty());
    for (const Json& wrong :
         {Json{{"kind", "x"}, {"text", "a"}}, Json{{"kind", "fact"}, {"text", ""}}, Json{{"kind", "fact"}},
          Json{{"kind", "fact"}, {"text", std::string(501, 'a')}}, Json{{"kind", "fact"}, {"text", "a"}, {"importance", 2}},
          Json{{"kind", "fact"}, {"text", "a"}, {"x", 1}}})
        CHECK_MESSAGE(at.post("/memory", wrong).status == 400, wrong.dump());
    CHECK(at.ask("DELETE", "/memory/" + std::to_string(id)).status == 204);
    CHECK(at.ask("DELETE", "/memory/" + std::to_string(id)).status == 404);
    CHECK(at.ask("DELETE", "/memory/x").status == 404);
}

TEST_CASE("shows a proposal without its code") {
    ServedAgent at;
    CHECK(at.get("/proposals").json() == Json{{"proposals", Json::array()}});
    const AgentMoment now = agent_now();
    const std::string id = store_proposal(at.store,
                                          {.client = "ask (m)",
                                           .transport = "ask",
                                           .login = "pi",
                                           .tool = "set_mode",
                                           .why = "sun",
                                           .method = "POST",
                                           .path = "/api/mode",
                                           .body = "{}",
                                           .diff = R"([{"row":"","fields":{"mode":{"before":"off","after":"balanced"}}}])",
                                           .would = "[]"},
                                          now)
                               .value()
                               .id;
    const std::string code = waiting_proposals(at.store, now).value().front().code;
    const HttpSaid shown = at.get("/proposals");
    CHECK(shown.body.find(code) == std::string::npos);
    const Json one = shown.json()["proposals"][0];
    CHECK(one["proposal"] == id);
    CHECK(one.value("transport", "") == "ask");
    CHECK(one.value("login", "") == "pi");
    CHECK(one.value("since", "") < one.value("expires_at", ""));
    REQUIRE(claim_proposal(at.store, id, "rejected", "pi", now).value());
    CHECK(!at.get("/proposals").json()["proposals"][0].contains("expires_at"));
}

}  // namespace kept_routes_test
