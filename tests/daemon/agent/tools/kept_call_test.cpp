#include "daemon/agent/tools/kept_call.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/agent/proposals/proposed.hpp"

using namespace volt;
using namespace volt::agent;

namespace kept_call_test {

TEST_CASE("stores each call as a message and a log row") {
    agent::testing::Proposed at;
    CHECK(at.call("get_settings", {{"table", "miners"}}).error == "");
    CHECK(at.call("explain", {{"load", "nothing"}}).error != "");
    CHECK(at.call("explain", {{"nonsense", 1}}).error != "");
    CHECK(at.call("get_status", Json::object(), "codex").error == "");
    CHECK(at.kept("SELECT count(*) FROM conversations") == 2);
    CHECK(at.kept("SELECT message_count FROM conversations WHERE client = 'claude'") == 3);
    CHECK(at.kept("SELECT count(*) FROM log WHERE event_type = 'tool_call'") == 2);
    CHECK(at.kept("SELECT count(*) FROM log WHERE event_type = 'error' AND level = 'warning'") == 2);
    CHECK(at.kept("SELECT count(*) FROM messages WHERE role = 'tool' AND duration_ms >= 0 AND json_valid(tool_results) AND "
                  "json_valid(tool_calls)") == 4);
    CHECK(at.kept("SELECT json_extract(tool_calls, '$[0].arguments.load') = 'nothing' FROM messages WHERE content = 'explain' "
                  "ORDER BY id LIMIT 1") == 1);
}

TEST_CASE("rejects only the client over the limit") {
    agent::testing::Proposed at;
    for (int i = 0; i < 12; ++i) CHECK(at.call("query_history", {{"sql", "SELECT 1"}}).error == "");
    const ToolOutcome over = at.call("query_history", {{"sql", "SELECT 1"}});
    CHECK(over.error.starts_with("the limit is 12 query_history and what_if a minute; try again in "));
    CHECK(at.call("query_history", {{"sql", "SELECT 1"}}, "codex").error == "");
    CHECK(at.call("search_documents", {{"query", "relay"}}).error == "");
    CHECK(at.kept("SELECT count(*) FROM log WHERE event_type = 'limit'") == 1);
    CHECK(at.kept("SELECT count(*) FROM messages") == 15);
}

TEST_CASE("applies the total limit to changing client names") {
    agent::testing::Proposed at;
    const auto called_as = [&](int name) {
        return at.call("query_history", {{"sql", "SELECT 1"}}, "client-" + std::to_string(name)).error;
    };
    for (int i = 0; i < 60; ++i) CHECK(called_as(i) == "");
    CHECK(called_as(60).starts_with("the limit is 60 query_history and what_if of all clients a minute; "));
}

TEST_CASE("logs a call of an unlisted tool by name only") {
    agent::testing::Proposed at;
    const Catalog catalog = catalog_of(*at.access.site, at.config.groups(), at.keeping);
    const auto is_refused = [&](const std::string& name) {
        const Json params{{"name", name}, {"arguments", {{"text", "secret"}}}};
        const Json answer = Json::parse(answer_line({1, "tools/call", params, Era::legacy, "claude"}, catalog, {}));
        return answer.at("error").at("code") == invalid_params;
    };
    for (const std::string& name : {std::string("rm"), std::string("change_settings"), std::string(5000, 'x')})
        CHECK(is_refused(name));
    CHECK(at.kept("SELECT count(*) FROM log WHERE event_type = 'error' AND level = 'warning' AND agent_role = 'mcp' AND "
                  "json_extract(data, '$.client') = 'claude'") == 3);
    CHECK(at.kept("SELECT count(*) FROM log WHERE message = 'change_settings: unknown tool'") == 1);
    CHECK(at.kept("SELECT max(length(message)) FROM log") < 100);
    CHECK(at.kept("SELECT count(*) FROM log WHERE message || data LIKE '%secret%'") == 0);
    CHECK(at.kept("SELECT count(*) FROM messages") == 0);
    for (int i = 0; i < 120; ++i) CHECK(is_refused("rm"));
    CHECK(at.kept("SELECT count(*) FROM log WHERE event_type = 'limit'") == 3);
}

TEST_CASE("answers without storage and says so") {
    agent::testing::Proposed at;
    AgentStore nowhere("/proc/agent/agent.db");
    at.keeping.store = &nowhere;
    const ToolOutcome outcome = at.call("get_status", Json::object());
    CHECK(outcome.error == "");
    CHECK(outcome.answer["not_kept"].get<std::string>().starts_with("not kept: "));
    CHECK(at.call("search_memory", {{"query", "x"}}).error == "");
    CHECK(at.call("remember", {{"kind", "fact"}, {"text", "x"}}).error.starts_with("not kept: "));
    at.keeping.store = nullptr;
    CHECK(!at.call("get_status", Json::object()).answer.contains("not_kept"));
}

}  // namespace kept_call_test
