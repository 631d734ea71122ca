#include "daemon/agent/ask/ask_stats.hpp"

#include <doctest/doctest.h>

#include "drivers/store/agent/conversations.hpp"
#include "tests/drivers/store/agent/agent_files.hpp"

using namespace volt;
using namespace volt::agent;

namespace ask_stats_test {

TEST_CASE("counts answers, times, tools and rejections of the last days") {
    constexpr std::int64_t day = 86'400'000, now = 400 * day;
    test::AgentFile at;
    CHECK(stats_text(ask_stats(at.store, now).value()) ==
          "Questions in the last 30 days: 0\n  errors        0\nCalls of all clients: 0 refused, 0 over a limit\n");
    const auto row = [&](std::int64_t when, const char* type, const char* text, const char* data, const char* role = "ask") {
        REQUIRE(log_event(at.store,
                          {.created_ms = when, .event_type = type, .message = text, .agent_role = role, .data = data}) == "");
    };
    row(now - 31 * day, "task_complete", "model", R"({"ms":9})");
    row(now - 29 * day, "task_complete", "model", R"({"ms":300,"code":0,"unchecked":2})");
    row(now, "tool_call", "explain", R"({"refused":false})");
    row(now, "limit", "query_history: the limit is 12", R"({"client":"claude"})", "mcp");
    const Json stats = ask_stats(at.store, now).value();
    CHECK(stats["questions"] == 1);
    CHECK(stats["answered_by"] == Json{{"model", 1}});
    CHECK(stats["median_ms"] == 300);
    CHECK(stats["tools"] == Json{{"explain", 1}});
    CHECK(stats["over_limit"] == 1);
    const std::string text = stats_text(stats);
    CHECK(text.find("300 ms median, 300 ms longest") != std::string::npos);
    CHECK(text.ends_with("Calls of all clients: 0 refused, 1 over a limit\n"));
}

}  // namespace ask_stats_test
