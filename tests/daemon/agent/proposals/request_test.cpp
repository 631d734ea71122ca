// Tests that each proposing tool has its own requests, and all others are rejected before voltd is asked.
#include "daemon/agent/proposals/request.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace request_test {

namespace {

const std::string one_miner = std::string(miners_path) + "/0198a7c2-7d5e-7c3b-8a51-3f6f2b9c0d1e",
                  fan = "/api/overrides/heat-room/fan";

std::string refused(const std::string& tool, const std::string& method, const std::string& path, const Json& body) {
    return request_refusal(tool, {method, path, body});
}

}  // namespace

TEST_CASE("accepts the requests of the tools") {
    CHECK(refused("change_settings", "PUT", preferences_path, {{"voltage_low", 48}}) == "");
    CHECK(refused("change_settings", "PUT", one_miner, {{"start_voltage", 54.5}}) == "");
    CHECK(refused("change_settings", "PUT", "/api/hvac/zones/0198a7c2", {{"temp_too_hot", 40}}) == "");
    for (const int minutes : {1, 120})
        CHECK(refused("override_load", "POST", fan, {{"override", "on"}, {"minutes", minutes}}) == "");
    CHECK(refused("override_load", "POST", "/api/overrides/s19-1", {{"override", "auto"}}) == "");
    CHECK(refused("set_mode", "POST", mode_path, {{"mode", "off"}}) == "");
    CHECK(refused("undo_change", "POST", undo_path, {{"undo", 41}}) == "");
}

TEST_CASE("rejects another tool, method or path") {
    const Json fields{{"start_voltage", 54.5}};
    CHECK(refused("approve", "PUT", one_miner, fields) == "there is no tool 'approve' that proposes");
    CHECK(refused("change_settings", "POST", one_miner, fields) == "change_settings never sends POST");
    CHECK(refused("set_mode", "PUT", mode_path, {{"mode", "off"}}) == "set_mode never sends PUT");
    for (const char* path :
         {"", "/api/miners", "/api/miners/", "/api/miners/../sessions", "/api/miners/a?dry_run=0", "/api/miners/a#",
          "/api/miners/%61", "/api/preferences/reset", "/api/preferences/", "/api/sessions/key", "/api/mode"})
        CHECK_MESSAGE(refused("change_settings", "PUT", path, fields).starts_with("no proposal of this tool goes to "), path);
    for (const char* path : {"/api/overrides/", "/api/outputs/a/prove", "/api/overrides/a?minutes=1", "/api/overrides/a.b"})
        CHECK_MESSAGE(refused("override_load", "POST", path, {{"override", "auto"}}).starts_with("no proposal of"), path);
    CHECK(refused("set_mode", "POST", "/api/mode/x", {{"mode", "off"}}) != "");
    CHECK(refused("set_mode", "POST", "/api/safe-mode/end", {{"mode", "off"}}) != "");
    CHECK(refused("undo_change", "POST", "/api/preferences/reset", {{"undo", 41}}) != "");
}

TEST_CASE("rejects another body") {
    CHECK(refused("change_settings", "PUT", one_miner, Json::object()).starts_with("fields is empty"));
    CHECK(refused("change_settings", "PUT", one_miner, {{"start_voltage", 54.5}, {"device_id", "x"}}).starts_with("device_id: "));
    CHECK(refused("change_settings", "PUT", preferences_path, {{"voltage_shutdown", 40}}).starts_with("voltage_shutdown: "));
    for (const Json& body : {Json(), Json::array(), Json("x"), Json::parse("{", nullptr, false)})
        CHECK(refused("change_settings", "PUT", one_miner, body) == "change_settings sends an object");
    CHECK(refused("override_load", "POST", fan, {{"override", "on"}}).starts_with("minutes is missing: 1 to 120"));
    for (const Json& minutes :
         {Json(), Json(0), Json(-1), Json(121), Json(30.5), Json("30"), Json(true), Json(std::uint64_t{1} << 63U)})
        CHECK_MESSAGE(
            refused("override_load", "POST", fan, {{"override", "off"}, {"minutes", minutes}}) == "minutes must be 1 to 120",
            minutes.dump());
    for (const Json& override : {Json(), Json("level"), Json(3), Json(true)})
        CHECK(refused("override_load", "POST", fan, {{"override", override}, {"minutes", 30}}).starts_with("override must be"));
    CHECK(refused("override_load", "POST", fan, {{"override", "auto"}, {"minutes", 30}}) != "");
    CHECK(refused("override_load", "POST", fan, {{"override", "on"}, {"minutes", 30}, {"x", 1}}) != "");
    CHECK(refused("set_mode", "POST", mode_path, {{"mode", 1}}) != "");
    CHECK(refused("set_mode", "POST", mode_path, {{"mode", "off"}, {"x", 1}}) != "");
    for (const Json& body :
         {Json{{"to", 41}}, Json{{"undo", "41"}}, Json{{"undo", 0}}, Json{{"undo", 41}, {"to", 1}}, Json::object()})
        CHECK_MESSAGE(refused("undo_change", "POST", undo_path, body) != "", body.dump());
}

}  // namespace request_test
