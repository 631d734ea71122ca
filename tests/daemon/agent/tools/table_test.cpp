// Tests of the tool table: its list for a client, its rejections, its truncation.
#include <doctest/doctest.h>

#include <set>

#include "daemon/agent/tools/tool.hpp"

using namespace volt::agent;

namespace table_test {

namespace {

/// Returns a tool without a site.
Tool tool_with(std::vector<ToolInput> inputs, ToolOutcome (*run)(SiteLink&, const Json&, const CallTime&) = nullptr) {
    return {.name = "t", .inputs = std::move(inputs), .answer = "rows:[s]", .list = "rows", .narrow = "less", .run = run};
}

SiteLink nowhere() {
    return {[](const volt::api::HttpRequest&, const volt::ctl::RequestLimits&) { return volt::ctl::ApiReply{}; }, nullptr, ""};
}

ToolOutcome long_rows(SiteLink&, const Json& arguments, const CallTime&) {
    Json rows = Json::array();
    for (int i = 0; i < arguments.at("n"); ++i) rows.push_back(std::string(100, 'x'));
    return {{{"rows", rows}}, ""};
}

ToolOutcome strange_text(SiteLink&, const Json&, const CallTime&) {
    return {{{"rows", Json::array({"a\x1b[31mb\u202ec\nd"})}, {"deep", {{"er", "\x07"}}}}, ""};
}

}  // namespace

TEST_CASE("keeps the tool list short and marks each effect") {
    Json list = Json::array(), usual = Json::array();
    std::set<std::string> names;
    const std::set<std::string> changing = {"forget", "change_settings", "override_load", "set_mode", "undo_change"};
    for (const Tool& tool : tool_table()) {
        const Json item = tool_json(tool);
        names.insert(tool.name);
        const std::string name = tool.name;
        if (name == "remember")
            CHECK(item["annotations"] == Json{{"readOnlyHint", false}, {"destructiveHint", false}, {"openWorldHint", false}});
        else if (changing.contains(name))
            CHECK(item["annotations"] == Json{{"readOnlyHint", false}, {"destructiveHint", true}, {"openWorldHint", false}});
        else CHECK(item["annotations"] == Json{{"readOnlyHint", true}, {"idempotentHint", true}, {"openWorldHint", false}});
        CHECK(item["inputSchema"]["additionalProperties"] == false);
        CHECK(item["outputSchema"]["properties"].contains("local"));
        CHECK_MESSAGE((*tool.list == '\0' || item["outputSchema"]["properties"].contains(tool.list)), tool.name);
        CHECK(item["outputSchema"].dump().find("items\":{\"properties") == std::string::npos);
        list.push_back(item);
        if (tool.group != ToolGroup::proposals) usual.push_back(item);
    }
    CHECK(names ==
          std::set<std::string>{"get_status",       "explain",       "summarize_period", "get_history",  "list_decisions",
                                "list_events",      "query_history", "what_if",          "get_settings", "list_setting_changes",
                                "search_documents", "read_document", "search_memory",    "remember",     "forget",
                                "change_settings",  "override_load", "set_mode",         "undo_change",  "get_proposal"});
    MESSAGE("tools/list has ", usual.dump().size(), " bytes, with proposals ", list.dump().size());
    CHECK(usual.dump().size() < 14'000);
    CHECK(list.dump().size() < 18'500);
}

TEST_CASE("checks arguments and suggests the nearest allowed value") {
    const Tool tool = tool_with({{.name = "load", .required = true, .most = 5},
                                 {.name = "limit", .kind = InputKind::whole, .least = 1, .most = 50},
                                 {.name = "from", .kind = InputKind::time},
                                 {.name = "table", .kind = InputKind::word, .words = {"a", "b"}},
                                 {.name = "changes", .kind = InputKind::object}});
    const auto wrong = [&](Json more) {
        Json arguments{{"load", "x"}};
        arguments.update(more);
        return argument_refusal(tool, arguments);
    };
    CHECK(wrong(Json::object()) == "");
    CHECK(wrong({{"limit", 50}, {"from", "2025-06-21T06:00:00+02:00"}, {"table", "b"}, {"changes", Json::object()}}) == "");
    CHECK(argument_refusal(tool, Json::object()) == "load is missing");
    CHECK(wrong({{"load", 5}}) == "load must be a string");
    CHECK(wrong({{"load", ""}}) == "load is empty; omit it for all");
    CHECK(wrong({{"load", "123456"}}) == "load is too long; at most 5 bytes");
    CHECK(wrong({{"limit", 0}}) == "limit must be 1 to 50; nearest allowed: 1");
    CHECK(wrong({{"limit", 18446744073709551615u}}) == "limit must be 1 to 50; nearest allowed: 50");
    CHECK(wrong({{"limit", 2.5}}) == "limit must be a whole number");
    CHECK(wrong({{"from", "yesterday"}}).starts_with("from must be a time with its offset"));
    CHECK(wrong({{"from", "2025-06-21T06:00:00"}}).starts_with("from must be a time with its offset"));
    CHECK(wrong({{"table", "c"}}) == "table must be one of a, b");
    CHECK(wrong({{"changes", "{}"}}) == "changes must be an object");
    CHECK(wrong({{"limits", 5}}) == "there is no argument 'limits'; did you mean 'limit'?");
    CHECK(argument_refusal(tool_with({}), {{"x", 1}}) == "there is no argument 'x'; this tool takes none");
}

TEST_CASE("truncates a long answer and suggests a narrower request") {
    SiteLink site = nowhere();
    const Tool tool = tool_with({{.name = "n", .kind = InputKind::whole, .most = 1000}}, long_rows);
    const Json few = run_tool(tool, site, {{"n", 20}}, {}).answer, many = run_tool(tool, site, {{"n", 1000}}, {}).answer;
    CHECK(few["rows"].size() == 20);
    CHECK_FALSE(few.contains("truncated"));
    CHECK(many["truncated"] == true);
    CHECK(many["narrow"] == "less");
    CHECK(many.dump().size() <= most_answer_bytes);
    CHECK(many.dump().size() > most_answer_bytes - 200);
}

TEST_CASE("removes control characters from texts but keeps lines") {
    SiteLink site = nowhere();
    const Json answer = run_tool(tool_with({}, strange_text), site, Json::object(), {}).answer;
    CHECK(answer["rows"][0] == "a [31mb c\nd");
    CHECK(answer["deep"]["er"] == " ");
}

}  // namespace table_test
