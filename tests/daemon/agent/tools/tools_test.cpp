// Tests of each tool against a served site: its answer matches its schema, and no call changes anything.
#include <doctest/doctest.h>

#include "drivers/store/sqlite/sqlite.hpp"
#include "tests/daemon/agent/agent_site.hpp"

using namespace volt;
using namespace volt::agent;

namespace tools_test {

namespace {

struct Ready : agent::testing::AgentSite {
    SiteAccess access;
    Ready() {
        REQUIRE(make_agent_key(config) == "");
        access = access_of(config);
    }
    ToolOutcome run(const std::string& name, const Json& arguments = Json::object()) const {
        for (const Tool& tool : tool_table())
            if (tool.name == name) return run_tool(tool, *access.site, arguments, {});
        return {{}, "no such tool"};
    }
    std::int64_t revision() const {
        return Connection::open(path, OpenMode::read_only)
            .value()
            .number("SELECT max(revision) FROM settings_revision")
            .value_or(-1);
    }
};

/// Returns how a value differs from a schema that shape.hpp makes, or an empty string.
std::string mismatch(const Json& schema, const Json& value, const std::string& at = "answer") {
    const Json types = schema.value("type", Json());
    const auto is = [&](const std::string& type) {
        return type == "string"    ? value.is_string()
               : type == "number"  ? value.is_number()
               : type == "integer" ? value.is_number_integer()
               : type == "boolean" ? value.is_boolean()
               : type == "null"    ? value.is_null()
               : type == "array"   ? value.is_array()
                                   : value.is_object();
    };
    bool fits = types.is_null();
    for (const Json& type : types.is_array() ? types : Json::array({types})) fits = fits || (type.is_string() && is(type));
    if (!fits) return at + ": " + value.dump() + " is not " + types.dump();
    for (const Json& name : schema.value("required", Json::array()))
        if (value.is_object() && !value.contains(name.get<std::string>())) return at + ": " + name.dump() + " is missing";
    std::string wrong;
    const Json properties = schema.value("properties", Json::object());
    if (value.is_object())
        for (const auto& [name, inner] : properties.items())
            if (wrong.empty() && value.contains(name)) wrong = mismatch(inner, value.at(name), at + "." + name);
    if (value.is_array() && schema.contains("items"))
        for (const Json& item : value)
            if (wrong.empty()) wrong = mismatch(schema.at("items"), item, at + "[]");
    return wrong;
}

struct GoodCall {
    std::string name;
    Json arguments;
};

const std::vector<GoodCall>& good_calls() {
    static const std::vector<GoodCall> calls = {
        {"get_status", Json::object()},
        {"explain", Json::object()},
        {"explain", {{"load", "dump-load-s19-1"}}},
        {"explain", {{"load", "Dump Load S19 #1"}}},
        {"explain", {{"load", "charge"}}},
        {"summarize_period", Json::object()},
        {"summarize_period",
         {{"from", "2025-06-20T00:00:00+02:00"}, {"to", "2025-06-21T00:00:00Z"}, {"load", "primary-s21-revenue"}}},
        {"get_history", {{"series", "battery.voltage_v"}}},
        {"get_history", {{"series", "power.pv_w"}, {"points", 50}}},
        {"get_history", {{"series", "battery.voltage_v"}, {"resolution", "hour"}}},
        {"list_decisions", {{"load", "heat-room"}, {"limit", 5}}},
        {"list_events", {{"level", "info"}}},
        {"list_events", Json::object()},
        {"get_settings", {{"table", "preferences"}}},
        {"get_settings", {{"table", "miners"}, {"row", "dump-load-s19-1"}}},
        {"get_settings", {{"table", "zones"}}},
        {"list_setting_changes", Json::object()},
        {"list_setting_changes", {{"table", "miners"}, {"limit", 3}}},
        {"search_documents", {{"query", "relay stays on, welded"}}},
        {"read_document", {{"uri", "volt://manual/alarms.md"}, {"from", 3}, {"lines", 40}}},
        {"query_history", {{"sql", "SELECT slug, start_voltage FROM miner_profiles ORDER BY slug"}}},
    };
    return calls;
}

}  // namespace

TEST_CASE("matches each answer to its output schema with time") {
    const Ready at;
    for (const GoodCall& it : good_calls()) {
        INFO(it.name, " ", it.arguments.dump());
        const ToolOutcome outcome = at.run(it.name, it.arguments);
        CHECK(outcome.error == "");
        for (const Tool& tool : tool_table())
            if (it.name == tool.name) CHECK(mismatch(answer_schema(tool), outcome.answer) == "");
        CHECK(outcome.answer.dump().size() <= most_answer_bytes);
    }
}

TEST_CASE("shows a model the worked case") {
    const Ready at;
    const Json now = at.run("get_status").answer;
    CHECK(now["battery"]["voltage_v"] == 52.3);
    CHECK(now["battery"]["stage"].is_string());
    CHECK(now["mode"] == "balanced");
    CHECK(now["local"].get<std::string>().size() == std::string("2025-06-21T12:00:00-07:00").size());
    const auto load = [&](const std::string& slug) {
        for (const Json& it : now["loads"])
            if (it["load"] == slug) return it;
        return Json();
    };
    CHECK(load("dump-load-s19-1")["wanted"] == "off");
    CHECK(load("dump-load-s19-1")["text"] == "52.30 V is 2.20 V below its start voltage of 54.50 V");
    CHECK(load("heat-room/fan")["kind"].is_null());

    const Json why = at.run("explain", {{"load", "Dump Load S19 #1"}}).answer["loads"];
    REQUIRE(why.size() == 1);
    CHECK(why[0]["gates"].size() == 1);
    CHECK(at.run("explain", {{"load", "heat-room"}}).answer["loads"].size() == 2);
    const Json all = at.run("explain").answer["loads"];
    for (const Json& blocked : all)
        for (const Json& gate : blocked["gates"]) CHECK(gate["passes"] == false);

    const Json miner = at.run("get_settings", {{"table", "miners"}, {"row", "Dump Load S19 #1"}}).answer;
    CHECK(miner["rows"][0]["start_voltage"] == 54.5);
    const auto is_start = [](const Json& it) { return it["field"] == "start_voltage"; };
    const Json& fields = miner["fields"];
    const auto found = std::find_if(fields.begin(), fields.end(), is_start);
    REQUIRE(found != fields.end());
    CHECK((*found)["unit"] == "V");
}

TEST_CASE("finds the manual by words at the stated place") {
    const Ready at;
    const Json hits = at.run("search_documents", {{"query", "my output stays on, is the contact welded?"}}).answer["hits"];
    REQUIRE(hits.size() > 1);
    CHECK(hits[0]["uri"] == "volt://manual/alarms.md");
    CHECK(hits[0]["heading"] == "Alarms > output_stuck_on");
    const std::int64_t from = hits[0]["line_from"], to = hits[0]["line_to"];
    const Json parts =
        at.run("read_document", {{"uri", hits[0]["uri"]}, {"from", from}, {"lines", to - from + 1}}).answer["parts"];
    REQUIRE(!parts.empty());
    CHECK(parts[0]["text"].get<std::string>().starts_with("An output reports off"));
    CHECK(at.run("read_document", {{"uri", "volt://manual/../../etc/passwd"}}).error.starts_with("there is no document"));
    CHECK(at.run("search_documents", {{"query", "xyzzy"}}).answer["hits"].empty());
    CHECK(at.run("search_documents", {{"query", "relay"}, {"source", "nosuch"}})
              .error.starts_with("there is no source 'nosuch'; choose from: manual"));
}

TEST_CASE("hides the location, even in texts of events or SQL") {
    const Ready at;
    CHECK(at.run("query_history", {{"sql", "SELECT 'latitude 37.3382 -> 52.5' AS t"}}).answer["rows"][0][0] ==
          "latitude [place]");
    // Simulates an entry of an earlier voltd.
    REQUIRE(Connection::open(at.path, OpenMode::read_write)
                .value()
                .execute("INSERT INTO events (at, level, kind, message) VALUES (1750500000000, 'info', 'settings', "
                         "'Settings changed (latitude 37.3382 -> 52.5201, longitude -121.8863 -> 13.4051)')")
                .ok());
    const std::string events = at.run("list_events", {{"from", "2025-06-01T00:00:00Z"}}).answer.dump();
    CHECK(events.find("latitude [place]") != std::string::npos);
    CHECK(events.find("52.5201") == std::string::npos);
}

TEST_CASE("explains fixable errors with allowed values") {
    const Ready at;
    CHECK(at.run("explain", {{"load", "dump-load-s19-7"}})
              .error.starts_with("there is no load 'dump-load-s19-7'; choose from: dump-load-s19-1 "));
    CHECK(at.run("get_settings", {{"table", "miners"}, {"row", "x"}}).error.starts_with("there is no row 'x'; choose from: "));
    CHECK(at.run("get_settings", {{"table", "users"}}).error == "table must be one of preferences, miners, zones");
    CHECK(at.run("get_history", {{"series", "battery.volts"}}).error.find("battery.voltage_v") != std::string::npos);
    CHECK(at.run("get_history", {{"series", "battery.voltage_v,power.pv_w"}}).error == "name one series");
    CHECK(at.run("get_history", {{"series", "charge.order"}, {"resolution", "hour"}}).error ==
          "charge.order has words, not numbers; use list_decisions");
    CHECK(at.run("query_history", {{"sql", "DELETE FROM events"}}).error == "not authorized");
    CHECK(at.run("summarize_period", {{"from", "2199-01-01T00:00:00Z"}}).error == "from must be before to, and before now");
}

TEST_CASE("returns a bounded number of stored points") {
    SiteLink::Query query;
    SiteLink site(
        [&](const api::HttpRequest& request, const ctl::RequestLimits&) {
            if (request.path == "/api/history") query = request.query;
            else
                return ctl::reply_of(200, R"({"t":[1750485600],"step_s":120,"series":[)"
                                          R"({"unit":"W","mean":[200.0],"min":[90.0],"max":[310.0]}]})");
            return ctl::reply_of(200, R"({"series":"power.pv_w","unit":"W","resolution":"minute","step_s":60,)"
                                      R"("points":[["2025-06-21T06:00:00Z",100.0],["2025-06-21T06:01:00Z",300.0]]})");
        },
        nullptr, "");
    const auto& tools = tool_table();
    const auto tool =
        std::find_if(tools.begin(), tools.end(), [](const Tool& it) { return it.name == std::string("get_history"); });
    Json arguments{{"series", "power.pv_w"}, {"resolution", "minute"}, {"to", "2025-06-21T08:40:00+02:00"}};
    CHECK(run_tool(*tool, site, arguments, {}).error ==
          "more than 100 points; ask for up to 400 of them, a range of at most 100 min, or another resolution");
    CHECK(query.empty());
    arguments["from"] = "2025-06-21T06:00:00Z";
    const ToolOutcome kept = run_tool(*tool, site, arguments, {});
    CHECK(kept.error == "");
    CHECK(query == SiteLink::Query{{"from", "2025-06-21T06:00:00Z"},
                                   {"resolution", "minute"},
                                   {"series", "power.pv_w"},
                                   {"to", "2025-06-21T06:40:00Z"}});
    CHECK(mismatch(answer_schema(*tool), kept.answer) == "");
    CHECK(kept.answer["step_s"] == 60);
    CHECK(kept.answer["min"] == 90);  // from the readings, not from the means of minutes
    CHECK(kept.answer["mean"] == 200);
    CHECK(kept.answer["max"] == 310);
    CHECK(kept.answer["points"].size() == 2);
    arguments["from"] = "2025-06-21T00:00:00Z";
    CHECK(run_tool(*tool, site, arguments, {}).error.find("at most 100 min") != std::string::npos);
    arguments["points"] = 400;
    CHECK(run_tool(*tool, site, arguments, {}).error == "");
}

TEST_CASE("shares coordinates only with permission, ids never") {
    const Ready at;
    const auto settings_for = [&](const CallOrigin* origin) {
        const auto& tools = tool_table();
        const auto tool =
            std::find_if(tools.begin(), tools.end(), [](const Tool& it) { return it.name == std::string("get_settings"); });
        CallTime time;
        time.origin = origin;
        return run_tool(*tool, *at.access.site, {{"table", "preferences"}}, time).answer;
    };
    const CallOrigin mcp{}, shared{.location = true};
    const Json all = settings_for(&shared), closed = settings_for(&mcp);
    CHECK(all["rows"][0]["latitude"] == 37.3382);
    CHECK(all["rows"][0].contains("longitude"));
    CHECK(all.dump().find("\"field\":\"latitude\"") != std::string::npos);
    CHECK_FALSE(all["rows"][0].contains("user_id"));
    CHECK(closed["rows"][0].contains("voltage_low"));
    CHECK(closed.dump().find("latitude") == std::string::npos);
}

TEST_CASE("never returns location or users") {
    const Ready at;
    for (const GoodCall& it : good_calls()) {
        const std::string text = at.run(it.name, it.arguments).answer.dump();
        for (const char* secret : {"latitude", "longitude", "37.3382", "user_id", "token"})
            CHECK_MESSAGE(text.find(secret) == std::string::npos, it.name, " ", secret);
    }
}

TEST_CASE("answers from the database while voltd is stopped, with notes") {
    Ready at;
    at.server.stop();
    CHECK(at.run("get_status").error.starts_with("cannot reach voltd: "));
    CHECK(at.run("explain", {{"load", "charge"}}).error.starts_with("cannot reach voltd: "));
    CHECK(at.run("what_if", {{"changes", Json::object()}}).error.starts_with("cannot reach voltd: "));
    for (const GoodCall& it : good_calls())
        if (it.name != "get_status" && it.name != "explain") CHECK_MESSAGE(at.run(it.name, it.arguments).error == "", it.name);
}

TEST_CASE("changes nothing with the key of volt-agent") {
    const Ready at;
    const std::int64_t before = at.revision();
    for (const GoodCall& it : good_calls()) at.run(it.name, it.arguments);
    for (const char* sql : {"UPDATE miner_profiles SET start_voltage = 1", "INSERT INTO events DEFAULT VALUES",
                            "DROP TABLE events", "PRAGMA query_only = 0", "ATTACH '/tmp/x' AS x", "SELECT 1; DELETE FROM events"})
        CHECK_MESSAGE(at.run("query_history", {{"sql", sql}}).error != "", sql);
    std::string key;
    std::ifstream(at.config.voltd.key_file) >> key;
    ctl::ApiAddress address;
    address.url = at.access.url;
    address.token = key;
    const auto status = [&](const char* method, const char* path, const char* body,
                            std::map<std::string, std::string> query = {}) {
        return ctl::send(address, {.method = method, .path = path, .query = std::move(query), .body = body}).status;
    };
    CHECK(status("GET", "/api/preferences", "") == 200);
    CHECK(status("PUT", "/api/miners/dump-load-s19-1", R"({"start_voltage":54.8})", {{"dry_run", "1"}}) ==
          503);  // allowed, but no loop runs here
    CHECK(status("PUT", "/api/miners/dump-load-s19-1", R"({"start_voltage":54.8})") == 403);
    CHECK(status("POST", "/api/preferences/reset", "") == 403);
    CHECK(status("POST", "/api/mode", R"({"mode":"off"})") == 403);
    CHECK(status("POST", "/api/overrides/dump-load-s19-1", R"({"override":"on"})") == 403);
    CHECK(status("POST", "/api/settings/restore", R"({"undo":1})") == 403);
    CHECK(status("DELETE", "/api/miners/dump-load-s19-1", "") == 403);
    CHECK(status("POST", "/api/sessions/key", R"({"name":"more","role":"operate"})") == 403);
    CHECK(status("POST", "/api/outputs/primary-s21/test", "") == 403);
    CHECK(status("POST", "/db/init-schema", "") == 403);
    CHECK(at.revision() == before);
}

}  // namespace tools_test
