// Tests of a model's proposals: permitted ones, forbidden ones, visible data, and the record of each attempt.
#include <doctest/doctest.h>

#include "tests/daemon/agent/proposals/proposed.hpp"

using namespace volt;
using namespace volt::agent;

namespace proposal_tools_test {

TEST_CASE("changes nothing and never shows the code") {
    agent::testing::Proposed at;
    const std::int64_t before = at.revision();
    const ToolOutcome first = at.change({{"start_voltage", 54.8}});
    REQUIRE(first.error == "");
    CHECK(first.answer["state"] == "waiting");
    CHECK(first.answer["tell_the_owner"] == "voltctl proposals");
    CHECK(first.answer["diff"][0]["fields"]["start_voltage"]["after"] == 54.8);
    const std::string code = at.newest_code();
    const ToolOutcome shown = at.call("get_proposal", {{"proposal", first.answer["proposal"]}});
    CHECK(shown.answer["state"] == "waiting");
    CHECK(shown.answer.dump().find(code) == std::string::npos);
    CHECK(at.kept(
              "SELECT count(*) FROM messages WHERE instr(tool_calls || tool_results || content, (SELECT code FROM proposals))") ==
          0);
    CHECK(at.kept("SELECT count(*) FROM log WHERE instr(message || data, (SELECT code FROM proposals))") == 0);
    CHECK(at.revision() == before);
    CHECK(at.call("get_proposal", {{"proposal", "none"}}).error == "there is no proposal 'none'");
}

TEST_CASE("rejects forbidden changes first and logs each try") {
    agent::testing::Proposed at;
    const std::int64_t before = at.revision();
    const std::pair<const char*, Json> never[] = {{"preferences", {{"voltage_shutdown", 40}}},
                                                  {"preferences", {{"voltage_curve", "45:0,56:100"}}},
                                                  {"preferences", {{"latitude", 1}}},
                                                  {"miners", {{"emergency_stop_voltage", 40}}},
                                                  {"miners", {{"device_id", "x"}}},
                                                  {"miners", {{"min_off_s", 0}}},
                                                  {"miners", {{"max_starts_per_hour", 60}}},
                                                  {"miners", {{"start_voltage", 45}}},
                                                  {"zones", {{"block_charging_enabled", false}}},
                                                  {"zones", {{"enabled", false}}}};
    int tries = 0;
    for (const auto& [table, fields] : never) {
        Json arguments{{"table", table}, {"fields", fields}, {"why", "x"}};
        if (std::string(table) == "miners") arguments["row"] = "dump-load-s19-1";
        if (std::string(table) == "zones") arguments["row"] = "heat-room";
        const ToolOutcome outcome = at.call("change_settings", arguments);
        const std::string tried = fields.dump();
        CHECK_MESSAGE(outcome.error != "", tried);
        ++tries;
    }
    CHECK(at.call("override_load", {{"load", "dump-load-s19-1"}, {"override", "on"}, {"why", "x"}})
              .error.starts_with("minutes is missing"));
    CHECK(at.call("override_load", {{"load", "dump-load-s19-1"}, {"override", "on"}, {"minutes", 121}, {"why", "x"}}).error !=
          "");
    CHECK(at.call("override_load", {{"load", "charge"}, {"override", "on"}, {"minutes", 5}, {"why", "x"}}).error != "");
    CHECK(at.change({{"start_voltage", 54.8}}, "../../sessions").error.starts_with("there is no row"));
    CHECK(at.change({{"start_voltage", 54.8}}, "dump-load-s19-1/../x?dry_run=0").error.starts_with("there is no row"));
    CHECK(at.change(Json::object()).error.starts_with("fields is empty"));
    CHECK(at.change({{"no_such_field", 1}}).error != "");
    CHECK(at.change({{"start_voltage", 54.5}}).error == "nothing would change: it already has this value");
    tries += 8;
    CHECK(at.kept("SELECT count(*) FROM log WHERE level = 'warning' AND event_type = 'error'") == tries);
    CHECK(at.kept("SELECT count(*) FROM proposals") == 0);
    CHECK(at.revision() == before);
}

TEST_CASE("proposes to undo only permitted changes") {
    agent::testing::Proposed at;
    const auto put = [&](const char* path, const Json& body) {
        const auto reply = at.socket()("pi", {.method = "PUT", .path = path, .body = body.dump()});
        REQUIRE_MESSAGE(reply.ok(), reply.error);
        return at.number("SELECT max(change) FROM settings_history");
    };
    const auto small = put("/api/miners/dump-load-s19-1", {{"start_voltage", 54.9}});
    const auto never = put("/api/preferences", {{"inverter_max_w", 9000}});
    CHECK(at.call("undo_change", {{"change", small}, {"why", "x"}}).error == "");
    CHECK(at.call("undo_change", {{"change", never}, {"why", "x"}}).error.starts_with("inverter_max_w: "));
    CHECK(at.call("undo_change", {{"change", 9999}, {"why", "x"}}).error != "");
}

TEST_CASE("allows three waiting and six hourly proposals") {
    agent::testing::Proposed at;
    for (const double start : {54.6, 54.7, 54.8}) CHECK(at.change({{"start_voltage", start}}).error == "");
    CHECK(at.change({{"start_voltage", 55.0}}).error.find("wait already") != std::string::npos);
    for (int i = 0; i < 3; ++i) REQUIRE(reject(at.store, "pi", at.newest_code(), agent_now()) == "");
    CHECK(at.change({{"start_voltage", 55.0}}).error == "");
    CHECK(at.change({{"start_voltage", 55.1}}).error == "");
    CHECK(at.change({{"start_voltage", 55.2}}).error.starts_with("the limit is 6 proposals an hour; try again in"));
}

TEST_CASE("proposes nothing without agent.db") {
    agent::testing::Proposed at;
    for (const Tool& tool : tool_table())
        if (tool.group == ToolGroup::proposals && tool.name == std::string("set_mode"))
            CHECK(run_tool(tool, *at.access.site, {{"mode", "off"}, {"why", "x"}}, {}).error.starts_with("storage is off"));
    AgentStore nowhere("/proc/agent/agent.db");
    at.keeping.store = &nowhere;
    CHECK(at.change({{"start_voltage", 54.8}}).error.starts_with("not kept: "));
}

}  // namespace proposal_tools_test
