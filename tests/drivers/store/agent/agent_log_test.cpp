#include "drivers/store/agent/agent_log.hpp"

#include "drivers/store/agent/conversations.hpp"
#include "tests/drivers/store/agent/agent_files.hpp"

using namespace volt;

namespace agent_log_test {

namespace {

using Names = std::vector<std::pair<std::string, std::int64_t>>;

struct Logged : test::AgentFile {
    void row(std::int64_t when, const char* type, const char* text, std::optional<std::string> data, const char* role = "ask") {
        REQUIRE(
            log_event(store,
                      {.created_ms = when, .event_type = type, .message = text, .agent_role = role, .data = std::move(data)}) ==
            "");
    }
};

}  // namespace

TEST_CASE("counts questions with their times, tools and errors") {
    Logged at;
    CHECK(count_log(at.store, 0).value().questions == 0);
    CHECK(count_log_rows(at.store, 0).value() == 0);
    at.row(5, "task_complete", "model", R"({"ms":300,"code":0,"unchecked":2})");
    at.row(5, "task_complete", "command", R"({"ms":100,"code":0})");
    at.row(4, "task_complete", "command", R"({"ms":200,"code":1})");
    at.row(4, "tool_call", "explain", R"({"refused":false})");
    at.row(4, "tool_call", "approve: there is no tool", R"({"refused":true})");
    at.row(3, "error", "no answer", {});
    at.row(1, "task_complete", "model", R"({"ms":9})");
    const LogCounts counts = count_log(at.store, 2).value();
    CHECK(counts.questions == 3);
    CHECK(counts.answered_by == Names{{"command", 2}, {"model", 1}});
    CHECK(counts.nothing_found == 1);
    CHECK(counts.with_unchecked == 1);
    CHECK(counts.median_ms == 200);
    CHECK(counts.longest_ms == 300);
    CHECK(counts.tools == Names{{"approve", 1}, {"explain", 1}});
    CHECK(counts.refused_calls == 1);
    CHECK(counts.errors == 1);
    CHECK(count_log_rows(at.store, 4).value() == 5);
    CHECK(!count_log(at.store, 6).value().median_ms);
}

TEST_CASE("a busy client does not hide earlier questions") {
    Logged at;
    at.row(1, "task_complete", "model", R"({"ms":7})");
    at.row(2, "error", "explain: there is no load 'x'", R"({"client":"claude"})", "mcp");
    at.row(2, "limit", "what_if: the limit is 12", R"({"client":"claude"})", "mcp");
    const auto wrong = at.store.keep([](Connection& db) {
        return db.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000) INSERT INTO log (created_at, "
            "level, "
            "event_type, message, agent_role) SELECT 3, 'info', 'tool_call', 'get_status', 'mcp' FROM n");
    });
    REQUIRE(wrong == "");
    const LogCounts counts = count_log(at.store, 1).value();
    CHECK(counts.questions == 1);
    CHECK(counts.median_ms == 7);
    CHECK(counts.tools.empty());
    CHECK(counts.errors == 0);
    CHECK(counts.refused_calls == 1);
    CHECK(counts.over_limit == 1);
    CHECK(count_log_rows(at.store, 1).value() == 25'003);
}

}  // namespace agent_log_test
