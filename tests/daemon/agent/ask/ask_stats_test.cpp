#include "daemon/agent/ask/ask_stats.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::agent;

namespace ask_stats_test {

TEST_CASE("answers, times, tools, refusals since a moment; rows of others and older ones do not count") {
    const auto row = [](std::int64_t at, const char* type, const char* text, const char* data, const char* role = "ask") {
        return AgentEvent{.created_ms = at, .event_type = type, .message = text, .agent_role = role, .data = data};
    };
    const Json stats = ask_stats(
        {row(5, "task_complete", "model", R"({"ms":300,"code":0,"unchecked":2})"),
         row(5, "task_complete", "command", R"({"ms":100,"code":0})"),
         row(4, "task_complete", "search", R"({"ms":200,"code":1})"), row(4, "tool_call", "explain", R"({"refused":false})"),
         row(4, "tool_call", "approve: there is no tool", R"({"refused":true})"), row(3, "error", "no answer", "no JSON"),
         row(1, "task_complete", "model", R"({"ms":9})"), row(5, "task_complete", "model", R"({"ms":9})", "mcp")},
        2);
    CHECK(stats["questions"] == 3);
    CHECK(stats["answered_by"] == Json{{"model", 1}, {"command", 1}, {"search", 1}});
    CHECK(stats["nothing_found"] == 1);
    CHECK(stats["with_unchecked"] == 1);
    CHECK(stats["median_ms"] == 200);
    CHECK(stats["longest_ms"] == 300);
    CHECK(stats["tools"] == Json{{"explain", 1}, {"approve", 1}});
    CHECK(stats["refused_calls"] == 1);
    CHECK(stats["errors"] == 1);
    CHECK(stats_text(stats).find("model 1, command 1, search 1") != std::string::npos);
    CHECK(stats_text(ask_stats({}, 0)) == "Questions in the last 30 days: 0\n");
}

}  // namespace ask_stats_test
