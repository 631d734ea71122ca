// Tests of settings over HTTP: authors of changes, concurrent edits, and earlier values.
#include "daemon/api/routes/settings_routes.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "daemon/api/routes/dry_run.hpp"
#include "daemon/api/routes/history_routes.hpp"
#include "drivers/store/sqlite/sqlite.hpp"
#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::api;

namespace settings_routes_test {

using nlohmann::json;

namespace {

struct Answer {
    int status = 0;
    json body;
    std::string etag;
};

/// Routes over a separate database. No loop runs, and none is awaited.
struct Settled {
    fixture::TempDir directory;
    std::string path = directory.path + "/voltd.db";
    OpenedStore opened = std::move(open_store(path).value());
    std::atomic<bool> give_up = false;
    LoopRequests requests;
    StatusBoard board;
    Router router;
    Settled() {
        requests.close();
        board.close();
        router.add(settings_routes(path, settings_context(requests, [] {}), give_up));
        router.add(history_routes(
            path, [] { return HistoryContext{}; }, opened.store->recent(), give_up));
    }
    ~Settled() { opened.store->close(Duration{2000}); }

    Answer ask(const std::string& method, const std::string& where, const std::string& body = "",
               const std::string& if_match = "", std::map<std::string, std::string> query = {},
               const std::string& who = "voltctl pi") const {
        const HttpAnswer answer = router.answer({.method = method,
                                                 .path = where,
                                                 .query = std::move(query),
                                                 .body = body,
                                                 .caller = {Role::owner, false, who},
                                                 .if_match = if_match});
        return {answer.status, json::parse(answer.body, nullptr, false), answer.etag};
    }
};

constexpr const char* prefs = "/api/preferences";
constexpr const char* s19 = "/api/miners/dump-load-s19-1";

}  // namespace

TEST_CASE("lists changes instead of the row with ?changes=1") {
    const Settled at;
    Router alone;  // as in voltctl without a running voltd
    const std::atomic<bool> give_up = false;
    alone.add(settings_routes(at.path, {}, give_up));
    const auto ask = [&](const char* method, const char* where, const char* body, std::map<std::string, std::string> query) {
        return json::parse(alone
                               .answer({.method = method,
                                        .path = where,
                                        .query = std::move(query),
                                        .body = body,
                                        .caller = {Role::owner, false, "voltctl pi"}})
                               .body,
                           nullptr, false);
    };
    const json dry = ask("PUT", s19, R"({"start_voltage":54.8})", {{"dry_run", "1"}, {"changes", "1"}});
    CHECK(dry["written"] == false);
    CHECK(dry["change"] == nullptr);
    CHECK_FALSE(dry.contains("would"));
    CHECK(ask("PUT", s19, R"({"start_voltage":54.8})", {{"dry_run", "1"}}) == json::object());
    CHECK(dry["changes"][0]["fields"]["start_voltage"] == json{{"before", 54.5}, {"after", 54.8}});
    const json listed = ask("PUT", s19, R"({"start_voltage":54.8})", {{"changes", "1"}});
    CHECK(listed["written"] == true);
    CHECK(listed["changes"] == dry["changes"]);
    CHECK(listed["warnings"] == json::array());
    CHECK(listed["change"] == at.ask("GET", "/api/settings/history").body[0]["change"]);
    CHECK(ask("DELETE", s19, "", {{"changes", "1"}})["changes"][0]["what"] == "removed");
    CHECK(at.ask("POST", "/api/settings/restore", R"({"to":"99d"})").body["error"].get<std::string>().starts_with("99d: "));
    CHECK(at.ask("POST", "/api/settings/restore", R"({"undo":"99d"})").status == 400);
}

TEST_CASE("names author and number of a change") {
    const Settled at;
    const std::string before = at.ask("GET", prefs).etag;
    const Answer changed = at.ask("PUT", prefs, R"({"voltage_low":47.2})");
    CHECK(changed.status == 200);
    CHECK(std::stoi(changed.etag) > std::stoi(before));
    CHECK(at.ask("GET", "/api/miners").etag == changed.etag);
    at.ask("PUT", s19, R"({"start_voltage":54.6})", "", {}, "owner");
    const Answer log = at.ask("GET", "/api/settings/history", "", "", {{"limit", "2"}});
    REQUIRE(log.body.size() == 2);
    CHECK(log.body[0]["who"] == "owner");
    CHECK(log.body[0]["row"] == "dump-load-s19-1");
    CHECK(log.body[1]["who"] == "voltctl pi");
    CHECK(log.body[1]["fields"]["voltage_low"]["after"] == "47.2");
    CHECK(
        at.ask("GET", "/api/settings/history", "", "", {{"table", "miner_profiles"}, {"row", "dump-load-s19-1"}, {"limit", "1"}})
            .body[0]["who"] == "owner");
    CHECK(at.ask("GET", "/api/settings/history", "", "", {{"table", "miners"}}).status == 400);
    CHECK(at.ask("GET", "/api/settings/history", "", "", {{"limit", "0"}}).status == 400);
}

TEST_CASE("rejects an edit over another's unseen change") {
    const Settled at;
    const std::string seen = at.ask("GET", prefs).etag;
    CHECK(at.ask("PUT", s19, R"({"start_voltage":54.6})", "", {}, "owner").status == 200);
    CHECK(at.ask("PUT", prefs, R"({"voltage_low":47.2})", seen).status == 200);
    const Answer late = at.ask("PUT", prefs, R"({"voltage_low":47.3})", seen);
    CHECK(late.status == 412);
    CHECK(late.body["row"]["voltage_low"] == 47.2);
    CHECK(late.body["error"].get<std::string>().find("someone else saved first (change") != std::string::npos);
    CHECK(at.ask("PUT", prefs, R"({"voltage_low":47.3})", late.etag).status == 200);
    CHECK(at.ask("POST", "/api/preferences/reset", R"({"fields":["voltage_low"]})", seen).status == 412);
    CHECK(at.ask("DELETE", s19, "", seen).status == 412);
    CHECK(at.ask("PUT", prefs, R"({"voltage_low":47.4})", "999999999").status ==
          412);  // of a database that was replaced by a copy
    CHECK(at.ask("PUT", prefs, R"({"voltage_low":47.4})", "no number").status == 400);
    CHECK(at.ask("PUT", prefs, R"({"voltage_low":47.4})", "*").status == 200);
}

TEST_CASE("restores all settings right after a change") {
    const Settled at;
    const int first = std::stoi(at.ask("PUT", prefs, R"({"voltage_low":47.2})").etag);
    at.ask("PUT", prefs, R"({"voltage_low":47.3})");
    at.ask("PUT", s19, R"({"start_voltage":54.6})");
    const Answer back = at.ask("POST", "/api/settings/restore", json{{"to", first}}.dump());
    CHECK(back.status == 200);
    CHECK(back.body["changes"].size() == 2);
    CHECK(at.ask("GET", prefs).body["voltage_low"] == 47.2);
    CHECK(at.ask("GET", s19).body["start_voltage"] == 54.5);
    for (const char* wrong : {"", "{}", R"({"to":"x"})", R"({"to":-1})", R"({"to":1,"form":2})", R"({"to":999999})"})
        CHECK(at.ask("POST", "/api/settings/restore", wrong).status == 400);
}

TEST_CASE("undoes one change by number with its conflicts") {
    const Settled at;
    const std::string restore = "/api/settings/restore";
    const int first = std::stoi(at.ask("PUT", prefs, R"({"voltage_low":47.2})").etag);
    const int second = std::stoi(at.ask("PUT", prefs, R"({"inverter_max_w":11000})").etag);
    const Answer undone = at.ask("POST", restore, json{{"undo", first}}.dump());
    CHECK(undone.status == 200);
    CHECK(undone.body["changes"].size() == 1);
    CHECK(at.ask("GET", prefs).body["voltage_low"] == 47.0);
    CHECK(at.ask("GET", prefs).body["inverter_max_w"] == 11000);
    at.ask("PUT", prefs, R"({"inverter_max_w":10000})");
    const Answer moved = at.ask("POST", restore, json{{"undo", second}}.dump());
    CHECK(moved.status == 412);
    CHECK(moved.body["field"] == "inverter_max_w");
    CHECK(at.ask("GET", prefs).body["inverter_max_w"] == 10000);
    CHECK(at.ask("POST", restore, R"({"undo":999999})").status == 404);
    for (const char* wrong :
         {R"({"undo":"x"})", R"({"undo":-1})", R"({"undo":1,"to":1})", R"({"undo":1.5})", R"({"undo":9223372036854775808})",
          R"({"undo":18446744073709551615})", R"({"to":9223372036854775808})"})
        CHECK(at.ask("POST", restore, wrong).status == 400);
}

TEST_CASE("counts the rows of every table in the schema status") {
    const Settled at;
    auto db = Connection::open(at.path, OpenMode::read_write);
    REQUIRE(db);
    REQUIRE(db.value()
                .execute("INSERT INTO events (at, level, kind, message) VALUES (1750532400000, 'info', 'mode', 'a'), "
                         "(1750532460000, 'info', 'mode', 'b')")
                .ok());
    const json tables = at.ask("GET", "/db/schema-status").body["tables"];
    CHECK(tables["events"] == db.value().number("SELECT count(*) FROM events").value_or(-1));
    CHECK(tables["events"] >= 2);
    CHECK(tables["miner_profiles"] == 2);
    CHECK(tables["hvac_zones"] == 2);
    CHECK(tables["solark_telemetry"] == 0);
    CHECK(tables.size() ==
          static_cast<std::size_t>(
              db.value()
                  .number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
                  .value_or(-1)));
}

TEST_CASE("lists newest events by kind or time") {
    const Settled at;
    auto db = Connection::open(at.path, OpenMode::read_write);
    REQUIRE(db);
    REQUIRE(db.value()
                .execute("INSERT INTO events (at, level, kind, subject, message, data) VALUES "
                         "(1750532400000, 'info', 'mode', NULL, 'Mode off', NULL), (1750532460000, 'warning', 'alarm', 'x', "
                         "'Alarm', '{\"a\":1}')")
                .ok());
    const json all = at.ask("GET", "/api/events").body;
    REQUIRE(all.size() >= 2);
    const json alarm = at.ask("GET", "/api/events", "", "", {{"kind", "alarm"}, {"to", "2025-06-22T00:00:00Z"}}).body;
    REQUIRE(alarm.size() == 1);
    CHECK(alarm[0]["at"] == "2025-06-21T19:01:00Z");
    CHECK(alarm[0]["data"]["a"] == 1);
    CHECK(at.ask("GET", "/api/events", "", "", {{"from", "2025-06-21T19:00:30Z"}, {"to", "2025-06-22T00:00:00Z"}}).body.size() ==
          1);
    CHECK(at.ask("GET", "/api/events", "", "", {{"limit", "0"}}).status == 400);
    const json warnings = at.ask("GET", "/api/events", "", "", {{"level", "warning"}, {"to", "2025-06-22T00:00:00Z"}}).body;
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0]["kind"] == "alarm");
    CHECK(at.ask("GET", "/api/events", "", "", {{"level", "loud"}}).body["field"] == "level");
}

TEST_CASE("lists newest runs by load or overlapping range") {
    const Settled at;
    auto db = Connection::open(at.path, OpenMode::read_write);
    REQUIRE(db);
    REQUIRE(db.value()
                .execute("INSERT INTO load_runs (load, started_at, stopped_at, start_reason, stop_reason, energy_wh) VALUES "
                         "('a', 1750532400000, 1750536000000, 'running', 'voltage', 3250), "
                         "('b', 1750534200000, NULL, 'running', NULL, NULL)")
                .ok());
    const json all = at.ask("GET", "/api/runs").body;
    REQUIRE(all.size() == 2);
    CHECK(all[0] == json{{"load", "b"},
                         {"from", "2025-06-21T19:30:00Z"},
                         {"to", nullptr},
                         {"start_reason", "running"},
                         {"stop_reason", nullptr},
                         {"wh", nullptr}});
    CHECK(all[1]["to"] == "2025-06-21T20:00:00Z");
    CHECK(all[1]["stop_reason"] == "voltage");
    CHECK(all[1]["wh"] == 3250);
    CHECK(at.ask("GET", "/api/runs", "", "", {{"load", "a"}}).body == json::array({all[1]}));
    CHECK(at.ask("GET", "/api/runs", "", "", {{"limit", "1"}}).body == json::array({all[0]}));
    // Started before the range and ended in it. A running one is in every later range.
    CHECK(at.ask("GET", "/api/runs", "", "", {{"from", "2025-06-21T19:45:00Z"}, {"to", "2025-06-21T19:50:00Z"}}).body.size() ==
          2);
    CHECK(at.ask("GET", "/api/runs", "", "", {{"from", "2025-06-21T21:00:00Z"}}).body == json::array({all[0]}));
    CHECK(at.ask("GET", "/api/runs", "", "", {{"to", "2025-06-21T19:10:00Z"}}).body == json::array({all[1]}));
    CHECK(at.ask("GET", "/api/runs", "", "", {{"to", "yesterday"}}).body["field"] == "to");
}

}  // namespace settings_routes_test
