#include "daemon/agent/proposals/trial.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::agent;

namespace trial_test {

namespace {

/// voltd that answers by path, and records the requests.
struct FakeVoltd {
    std::map<std::string, Json> answers{
        {"/api/settings/history", Json::array({Json{{"id", "7"}, {"change", 41}}})},
        {"/api/preferences", {{"voltage_at_100_percent", 56.0}}},
        {"/api/status", {{"site", {{"mode", "balanced"}}}}},
        {"/api/explain/heat-room/fan", {{"override", "auto"}}},
        {"/api/mode", {{"would", Json::array({Json{{"output", "s19"}, {"order", "off"}, {"text", "Off."}}})}}},
        {"/api/overrides/heat-room/fan", {{"would", Json::array()}}},
        {"/api/miners/7",
         {{"would", Json::array()},
          {"changes", Json::array({Json{{"table", "miner_profiles"}, {"row", "s19"}, {"what", "changed"}}})}}}};
    std::vector<api::HttpRequest> asked{};
    int status = 200;

    Send send() {
        return [this](const api::HttpRequest& request) {
            asked.push_back(request);
            const bool get = request.method == "GET";
            return ctl::reply_of(get ? 200 : status, answers[request.path].dump());
        };
    }
};

}  // namespace

TEST_CASE("tries a settings change against the newest change seen") {
    FakeVoltd voltd;
    const Trial trial = try_change(voltd.send(), {"PUT", "/api/miners/7", {{"start_voltage", 54.5}}}, 40);
    CHECK(trial.error == "");
    CHECK(trial.newest == 41);
    CHECK(trial.full_v == 56.0);
    CHECK(trial.diff.size() == 1);
    const api::HttpRequest& last = voltd.asked.back();
    CHECK(last.query.at("dry_run") == "1");
    CHECK(last.query.at("changes") == "1");
    CHECK(last.if_match == "40");
    CHECK(last.body == "{\"start_voltage\":54.5}");
}

TEST_CASE("describes a mode or override by the current state") {
    FakeVoltd voltd;
    const Trial mode = try_change(voltd.send(), {"POST", "/api/mode", {{"mode", "off"}}}, 40);
    CHECK(mode.diff.front()["fields"]["mode"] == Json{{"before", "balanced"}, {"after", "off"}});
    CHECK(mode.would.size() == 1);
    CHECK(voltd.asked[2].if_match == "");
    CHECK(try_change(voltd.send(), {"POST", "/api/mode", {{"mode", "balanced"}}}, 40).diff.empty());
    const Trial fan =
        try_change(voltd.send(), {"POST", "/api/overrides/heat-room/fan", {{"override", "on"}, {"minutes", 30}}}, 40);
    CHECK(fan.diff.front()["fields"]["override"] == Json{{"before", "auto"}, {"after", "on for 30 min"}});
    CHECK(fan.diff.front()["row"] == "heat-room/fan");
}

TEST_CASE("returns voltd's rejection and marks a changed row") {
    FakeVoltd voltd;
    voltd.status = 412;
    voltd.answers["/api/miners/7"] = {{"error", "the row was changed"}};
    const Trial moved = try_change(voltd.send(), {"PUT", "/api/miners/7", Json::object()}, 40);
    CHECK(moved.moved);
    CHECK(moved.error == "the row was changed");
    voltd.status = 200;
    voltd.answers["/api/miners/7"] = {{"changes", Json::array()}};
    CHECK(try_change(voltd.send(), {"PUT", "/api/miners/7", Json::object()}, 40).error.starts_with("voltd is too busy"));
    const Trial none = try_change([](const api::HttpRequest&) { return ctl::ApiReply{}; }, {"PUT", "/api/miners/7", {}}, 40);
    CHECK(none.error.starts_with("cannot reach voltd"));
}

TEST_CASE("compares fields and orders but not sentences") {
    const Json diff = Json::array({"d"});
    const auto would = [](const char* order, const char* text) {
        return Json::array({Json{{"output", "a"}, {"order", order}, {"text", text}}, Json{{"output", "b"}, {"order", 3}}});
    };
    Trial trial;
    trial.diff = diff;
    trial.would = Json::array({would("on", "y")[1], would("on", "y")[0]});
    CHECK(same_effect(diff, would("on", "x"), trial));
    CHECK(!same_effect(diff, would("off", "x"), trial));
    CHECK(!same_effect(diff, Json::array(), trial));
    CHECK(!same_effect(Json::array(), would("on", "x"), trial));
    CHECK(effect_lines(Json::array(), Json::array()) == std::vector<std::string>{"switches nothing right now"});
    CHECK(effect_lines(Json::array(), would("on", "y")).front() == "switches a on: y");
}

}  // namespace trial_test
