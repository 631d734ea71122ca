// Every endpoint of the local API on the running daemon with its devices: the good case and each refusal.
#include <doctest/doctest.h>

#include <sys/stat.h>

#include <regex>
#include <thread>

#include "tests/integration/api_site.hpp"

using namespace volt::testing;
using nlohmann::json;

namespace {

const std::string s21 = "primary-s21-revenue", s19 = "dump-load-s19-1";

json resolved(const json& document, const json& schema) {
    return schema.contains("$ref") ? document.at(json::json_pointer(schema["$ref"].get<std::string>().substr(1))) : schema;
}

/// Checks that `value` has the keys and kinds of the schema `given`. Returns the first error, or an empty string.
std::string misfit(const json& document, const json& given, const json& value, const std::string& place) {
    const json schema = resolved(document, given);
    if (schema.contains("oneOf")) {
        for (const json& one : schema["oneOf"])
            if (misfit(document, one, value, place).empty()) return "";
        return place + " is none of what it may be: " + value.dump();
    }
    for (const json& part : schema.value("allOf", json::array()))
        if (auto wrong = misfit(document, part, value, place); !wrong.empty()) return wrong;
    if (value.is_null() && schema.value("nullable", false)) return "";
    const std::string type = schema.value("type", "");
    const bool fits = type.empty() || (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
                      (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
                      (type == "integer" && value.is_number_integer()) || (type == "number" && value.is_number());
    if (!fits) return place + " is no " + type + ": " + value.dump();
    if (schema.contains("enum") && std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
        return place + " is none of its words: " + value.dump();
    for (const json& key : schema.value("required", json::array()))
        if (!value.contains(key.get<std::string>())) return place + " lacks " + key.get<std::string>();
    if (value.is_object() && schema.contains("properties"))
        for (const auto& [key, inner] : schema["properties"].items())
            if (value.contains(key))
                if (auto wrong = misfit(document, inner, value[key], place + "." + key); !wrong.empty()) return wrong;
    if (value.is_array() && schema.contains("items"))
        for (const json& item : value)
            if (auto wrong = misfit(document, schema["items"], item, place + "[]"); !wrong.empty()) return wrong;
    return "";
}

struct Checked {
    const ApiSite& site;
    json document = site.client().get("/openapi.json").body;

    /// Sends a request, and compares status and answer with the description of `path` (as documented).
    json operator()(int status, const std::string& method, const std::string& path, const std::string& target,
                    const std::string& body = "") const {
        const HttpReply reply = site.client().ask(method, target, body);
        std::string lower = method;
        for (char& c : lower) c = static_cast<char>(std::tolower(c));
        const std::string place = method + " " + target;
        CHECK_MESSAGE(reply.status == status, place << " " << body << ": " << reply.text);
        const json& answers = document["paths"][path][lower]["responses"];
        REQUIRE_MESSAGE(answers.contains(std::to_string(status)), place << ": " << status << " is not documented");
        const json answer = resolved(document, answers[std::to_string(status)]);
        if (answer.contains("content") && answer["content"].contains("application/json"))
            CHECK(misfit(document, answer["content"]["application/json"]["schema"], reply.body, place) == "");
        return reply.body;
    }
};

const std::string miner =
    R"({"name":"Third","power_draw_w":1500,"start_voltage":54.5,"stop_voltage":53,"emergency_stop_voltage":50})";

void check_settings(const Checked& ask) {
    const json before = ask(200, "GET", "/api/preferences", "/api/preferences");
    CHECK(ask(200, "PUT", "/api/preferences", "/api/preferences", R"({"internal_resistance_mohm":12})")["voltage_low"] ==
          before["voltage_low"]);
    const json refused = ask(400, "PUT", "/api/preferences", "/api/preferences", R"({"voltage_low":52})");
    CHECK(refused["field"] == "voltage_low");
    CHECK(refused["need"].get<std::string>().find("voltage_restart") != std::string::npos);
    ask(400, "PUT", "/api/preferences", "/api/preferences", R"({"voltage_low":47.001})");
    ask(400, "PUT", "/api/preferences", "/api/preferences", "[1]");
    ask(400, "PUT", "/api/preferences", "/api/preferences?dry_run=maybe", "{}");
    // A key given twice is ambiguous.
    CHECK(ask(400, "PUT", "/api/preferences", "/api/preferences", R"({"voltage_low":46,"voltage_low":46.5})")["error"] ==
          "voltage_low is given twice");
    ask(400, "PUT", "/api/preferences", "/api/preferences",
        R"({"voltage_curve":[{"voltage":45,"voltage":44,"soc":0},{"voltage":56,"soc":100}]})");
    CHECK(ask(400, "PUT", "/api/preferences", "/api/preferences?dry_run=1&dry_run=0", "{}")["field"] == "dry_run");
    ask(400, "GET", "/api/preferences", "/api/preferences?x=1");
    ask(400, "GET", "/health", "/health?x=1");
    CHECK(ask(200, "GET", "/api/preferences", "/api/preferences")["voltage_low"] == before["voltage_low"]);
    CHECK(ask(200, "POST", "/api/preferences/reset", "/api/preferences/reset",
              R"({"fields":["internal_resistance_mohm"]})")["internal_resistance_mohm"] == 10);
    ask(400, "POST", "/api/preferences/reset", "/api/preferences/reset", R"({"fields":["nothing"]})");
    ask(200, "POST", "/api/preferences/reset", "/api/preferences/reset");

    CHECK(ask(200, "GET", "/api/miners", "/api/miners").size() == 2);
    const json added = ask(201, "POST", "/api/miners", "/api/miners", miner);
    CHECK(std::regex_match(added["id"].get<std::string>(), std::regex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")));
    const std::string one = "/api/miners/" + added["id"].get<std::string>();
    CHECK(ask(409, "POST", "/api/miners", "/api/miners", miner)["field"] == "name");
    CHECK(ask(400, "POST", "/api/miners", "/api/miners", R"({"name":"x"})")["field"] == "power_draw_w");
    CHECK(ask(409, "PUT", "/api/miners/{id}", one, R"({"device_id":"primary-s21"})")["field"] == "device_id");
    CHECK(ask(200, "PUT", "/api/miners/{id}", one, R"({"enabled":0,"start_voltage":55})")["enabled"] == false);
    CHECK(ask(400, "PUT", "/api/miners/{id}", one, R"({"power_draw_w":null})")["need"] == "1..20000");
    CHECK(
        ask(200, "PUT", "/api/miners/{id}", one, R"({"enabled":1,"device_id":"nowhere"})")["warnings"][0].get<std::string>().find(
            "\"nowhere\" is not defined in voltd.yaml") != std::string::npos);
    CHECK(ask(200, "PUT", "/api/miners/{id}", one + "?dry_run=1", R"({"device_id":"nobody"})")["warnings"][0]
              .get<std::string>()
              .find("nobody") != std::string::npos);
    CHECK_FALSE(ask(200, "PUT", "/api/miners/{id}", one, R"({"enabled":0})").contains("warnings"));
    CHECK(ask(400, "PUT", "/api/miners/{id}", one, R"({"start_voltage":"high"})")["field"] == "start_voltage");
    CHECK(ask(200, "GET", "/api/miners/{id}", one)["start_voltage"] == 55.0);
    ask(204, "DELETE", "/api/miners/{id}", one);
    for (const char* method : {"GET", "DELETE"}) ask(404, method, "/api/miners/{id}", one);
    ask(404, "PUT", "/api/miners/{id}", one, "{}");

    CHECK(ask(200, "GET", "/api/hvac/zones", "/api/hvac/zones").size() == 2);
    const std::string zone =
        "/api/hvac/zones/" +
        ask(201, "POST", "/api/hvac/zones", "/api/hvac/zones", R"({"zone_name":"Attic"})")["id"].get<std::string>();
    CHECK(ask(400, "PUT", "/api/hvac/zones/{id}", zone, R"({"temp_hot_ok":50})").contains("need"));
    CHECK(ask(200, "PUT", "/api/hvac/zones/{id}", zone, R"({"temp_too_hot":45})")["temp_too_hot"] == 45.0);
    CHECK(ask(200, "PUT", "/api/hvac/zones/{id}", zone, R"({"sensor_id":"none-such"})")["warnings"][0].get<std::string>().find(
              "none-such") != std::string::npos);
    CHECK(ask(200, "GET", "/api/hvac/zones/{id}", "/api/hvac/zones/attic")["zone_name"] == "Attic");
    ask(204, "DELETE", "/api/hvac/zones/{id}", zone);
    ask(404, "GET", "/api/hvac/zones/{id}", zone);

    const std::string guarded = "/api/hvac/zones/heat-room", pattern = "/api/hvac/zones/{id}";
    for (const char* body : {R"({"block_charging_enabled":false})", R"({"enabled":false})"})
        for (const char* query : {"", "?dry_run=1", "?end_guard=0"}) {
            const auto denied = ask(409, "PUT", pattern, guarded + query, body);
            CHECK(denied["error"] == "this ends the charging guard below 0.0 °C");
            CHECK(denied["field"] == "block_charging_enabled");
            CHECK(denied["need"] == "?end_guard=1");
        }
    ask(400, "PUT", pattern, guarded + "?end_guard=maybe", R"({"enabled":false})");
    CHECK(ask(200, "GET", pattern, guarded)["block_charging_enabled"] == true);
    CHECK(ask(200, "PUT", pattern, guarded + "?dry_run=1&end_guard=1", R"({"enabled":false})").contains("would"));
    CHECK(ask(200, "PUT", pattern, guarded + "?end_guard=1", R"({"block_charging_enabled":false})")["block_charging_enabled"] ==
          false);
    CHECK(ask(200, "PUT", pattern, guarded, R"({"block_charging_enabled":true})")["block_charging_enabled"] == true);
}

void check_shown(const Checked& ask) {
    for (const char* path : {"/health", "/api/status", "/api/explain", "/api/outputs", "/system/stats", "/db/schema-status",
                             "/openapi.json", "/api/runs", "/api/events", "/api/users", "/session"})
        ask(200, "GET", path, path);
    ask(200, "GET", "/api/explain/{load}", "/api/explain/" + s19);
    CHECK(ask(404, "GET", "/api/explain/{load}", "/api/explain/nobody")["known"].size() > 4);
    CHECK(ask(200, "POST", "/db/init-schema", "/db/init-schema")["applied"].empty());
    const auto registers = [&](int status, const std::string& source) {
        return ask(status, "GET", "/api/sources/{name}/registers", "/api/sources/" + source + "/registers");
    };
    CHECK(eventually([&] { return !registers(200, "sol_ark")["registers"].empty(); }));
    CHECK(registers(200, "victron.battery")["kind"] == "battery");
    CHECK(registers(404, "mqtt")["known"].size() >= 3);
    for (const char* limit : {"0", "10001", "x", "1x"})
        ask(400, "GET", "/api/decisions", std::string("/api/decisions?limit=") + limit);
    ask(200, "GET", "/api/decisions", "/api/decisions?limit=5&load=" + s21);
    // New polls are available at full rate, long before they are on disk.
    const auto quarter = [&] {
        return ask(200, "GET", "/api/history", "/api/history?series=battery.voltage_v&from=2025-06-21T18:59:00Z");
    };
    CHECK(eventually([&] { return quarter()["points"].size() > 10; }));
    CHECK(quarter()["points"][0][1] == 52.3);
    for (const char* query :
         {"", "?series=x", "?series=battery.voltage_v&from=yesterday", "?series=battery.voltage_v&resolution=fine",
          "?series=battery.voltage_v&from=2025-06-21T19:00:00Z&to=2025-06-21T18:00:00Z"})
        CHECK(ask(400, "GET", "/api/history", std::string("/api/history") + query).contains("field"));
}

void check_access(const Checked& ask) {
    const std::string code = ask(200, "POST", "/api/sessions/code", "/api/sessions/code", "{}")["code"];
    ask(404, "POST", "/api/sessions/code", "/api/sessions/code", R"({"user":"nobody@example.org"})");
    ask(200, "POST", "/session", "/session", json{{"code", code}, {"name", "Phone"}}.dump());
    ask(401, "POST", "/session", "/session", json{{"code", code}}.dump());
    ask(413, "POST", "/session", "/session", json{{"code", std::string(2000, 'A')}}.dump());
    ask(201, "POST", "/api/sessions/key", "/api/sessions/key", R"({"name":"grafana"})");
    ask(409, "POST", "/api/sessions/key", "/api/sessions/key", R"({"name":"grafana"})");
    for (const json& row : ask(200, "GET", "/api/sessions", "/api/sessions"))
        ask(204, "DELETE", "/api/sessions/{id}", "/api/sessions/" + row["id"].get<std::string>());
    ask(404, "DELETE", "/api/sessions/{id}", "/api/sessions/nobody");
    ask(204, "DELETE", "/session", "/session");
    ask(201, "POST", "/api/users", "/api/users", R"({"email":"guest@example.org"})");
    ask(409, "POST", "/api/users", "/api/users", R"({"email":"guest@example.org"})");
    ask(204, "DELETE", "/api/users/{id}", "/api/users/guest@example.org");
    ask(404, "DELETE", "/api/users/{id}", "/api/users/guest@example.org");
    ask(409, "DELETE", "/api/users/{id}", "/api/users/admin@wildfireranch.us");
}

void check_commands(const Checked& ask) {
    const std::string path = "/api/overrides/{load}", target = "/api/overrides/" + s21;
    const json endless = ask(200, "POST", path, target, R"({"override":"off","minutes":null})");
    CHECK(endless["explain"]["override"] == "off");
    CHECK(endless["stored"] == true);
    // Only its end differs, and that is stored too.
    CHECK(ask(200, "POST", path, target, R"({"override":"off","minutes":5})")["stored"] == true);
    CHECK(ask(200, "POST", path, target, R"({"override":"auto"})")["explain"]["override"] == "auto");
    for (const char* body :
         {"{}", R"({"override":"maybe"})", R"({"override":5})", R"({"override":"on","minutes":null})",
          R"({"override":"on","minutes":0})", R"({"override":"on","minutes":1441})", R"({"override":"on","for":5})", "on"})
        ask(400, "POST", path, target, body);
    CHECK(ask(400, "POST", path, "/api/overrides/heat-room/fan", R"({"override":-1})")["error"] == "override: -1 is not a level");
    ask(404, "POST", path, "/api/overrides/nobody", R"({"override":"on"})");
    CHECK(ask(409, "POST", path, "/api/overrides/heat-room/fan", R"({"override":"on"})")["error"].dump().find(
              "its output ac-infinity-1 is not in voltd.yaml") != std::string::npos);
    const json off = ask(200, "POST", "/api/mode", "/api/mode", R"({"mode":"off"})");
    CHECK(off["mode"] == "off");
    CHECK(off["stored"] == true);
    CHECK(ask.site.client().get("/api/preferences").body["operating_mode"] == "off");
    ask(200, "POST", "/api/mode", "/api/mode", R"({"mode":"balanced"})");
    for (const char* body : {"{}", R"({"mode":"fast"})", R"({"mode":"off","x":1})"})
        ask(400, "POST", "/api/mode", "/api/mode", body);
    ask(409, "POST", "/api/safe-mode/end", "/api/safe-mode/end");
    CHECK(ask(409, "POST", "/api/homeassistant/announce", "/api/homeassistant/announce")["error"].dump().find(
              "discovery is off") != std::string::npos);
    ask(409, "POST", "/api/charge/prove", "/api/charge/prove");
    ask(404, "POST", "/api/charge/accept/{source}", "/api/charge/accept/nothing");
    ask(409, "POST", "/api/safe-mode/end", "/api/safe-mode/end?dry_run=1");
    ask(400, "POST", "/api/safe-mode/end", "/api/safe-mode/end?dryrun=1");
    ask(400, "POST", "/api/outputs/{id}/test", "/api/outputs/primary-s21/test?dry_run=1");
    CHECK(ask(200, "POST", "/api/outputs/{id}/test", "/api/outputs/primary-s21/test")["confirmed_ms"] < 3000);
    CHECK(ask(404, "POST", "/api/outputs/{id}/test", "/api/outputs/nothing/test")["known"].size() == 2);
    CHECK(ask(404, "POST", "/api/outputs/{id}/prove", "/api/outputs/nothing/prove")["known"].size() == 2);
    CHECK(ask(400, "POST", "/api/outputs/{id}/prove", "/api/outputs/primary-s21/prove", R"({"lease_s":20})")["field"] ==
          "lease_s");
}

}  // namespace

TEST_CASE("every endpoint does and refuses as described") {
    ApiSite site(true);
    const Checked ask{site};
    check_settings(ask);
    check_shown(ask);
    check_access(ask);
    check_commands(ask);

    // Each documented path exists, with no other method than those documented.
    for (const auto& [documented, methods] : ask.document["paths"].items()) {
        const std::string path = documented;
        const HttpReply reply = site.client().ask("PATCH", std::regex_replace(path, std::regex("\\{[a-z]+\\}"), "x"), "{}");
        CHECK_MESSAGE((reply.status == 405 || reply.status == 400), path << ": " << reply.status);
        const std::string other = !methods.contains("put") ? "PUT" : methods.contains("delete") ? "POST" : "DELETE";
        const HttpReply wrong = site.client().ask(other, std::regex_replace(path, std::regex("\\{[a-z]+\\}"), "x"));
        CHECK_MESSAGE(wrong.status == 405, path << ": " << wrong.status);
        CHECK_MESSAGE(wrong.head.find("Allow: ") != std::string::npos, path);
    }
    write_file(site.dir / "metrics", site.client().get("/metrics").text);
    CHECK(read_file(site.dir / "metrics").find("\nvoltd_battery_voltage_v 52.3\n") != std::string::npos);
    // from the package prometheus, which not every build machine has
    if (shell("command -v promtool").code != 0) MESSAGE("skipped: promtool is not installed");
    else CHECK(shell("promtool check metrics < " + site.dir / "metrics").code == 0);
}

TEST_CASE("a dry run switches nothing, and a change applies next tick") {
    ApiSite site(true);
    site.quicken();
    const Client client = site.client();
    REQUIRE(eventually([&] { return client.get("/api/explain/" + s21).body.value("state", "") == "on"; }));
    const json off = client.ask("PUT", "/api/miners/" + s21 + "?dry_run=1", R"({"enabled":false})").body;
    REQUIRE(off["would"].size() == 1);
    CHECK(off["would"][0]["output"] == "primary-s21");
    CHECK(off["would"][0]["order"] == "off");
    CHECK(off["would"][0]["reason"] == "disabled");
    CHECK(off["would"][0]["load"] == s21);
    CHECK(off["would"][0]["text"] == off["explain"][s21]["text"]);
    CHECK(client.ask("POST", "/api/mode?dry_run=1", R"({"mode":"off"})").body["would"][0]["reason"] == "mode_off");
    CHECK(client.ask("POST", "/api/overrides/" + s21 + "?dry_run=1", R"({"override":"off"})").body["would"][0]["reason"] ==
          "override_off");
    CHECK(client.ask("PUT", "/api/miners/" + s21 + "?dry_run=1", R"({"model":"x"})").body["would"].empty());
    CHECK(client.ask("DELETE", "/api/miners/" + s21 + "?dry_run=1").body["would"][0]["output"] == "primary-s21");
    CHECK(client.get("/api/miners/" + s21).body["enabled"] == true);
    CHECK(client.get("/api/explain/" + s21).body["wanted"] == "on");
    CHECK(site.commands("miner1").back() == "ON");
    CHECK(client.ask("PUT", "/api/miners/" + s21, R"({"enabled":false})").status == 200);
    CHECK(eventually([&] { return client.get("/api/explain/" + s21).body["reason"] == "disabled"; }));
    CHECK(site.wait_for_command("miner1", "OFF"));

    // A missing device is reported, with the reason.
    site.relays.reset();
    REQUIRE(eventually([&] { return client.ask("POST", "/api/outputs/primary-s21/test").status == 409; }));
    CHECK(client.ask("POST", "/api/outputs/primary-s21/test").text.find("primary-s21: ") != std::string::npos);
}
