// Tests of volt-agent's HTTP over real sockets: access, MCP by POST, the page, limits.
#include "daemon/agent/http/agent_server.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <list>
#include <regex>
#include <set>
#include <thread>

#include "tests/daemon/agent/http/served_agent.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::agent;
using volt::agent::testing::HttpSaid;
using volt::agent::testing::ServedAgent;

namespace agent_server_test {

namespace {

Json message(const std::string& method, Json params = Json::object()) {
    return {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}};
}

Json modern_message(const std::string& method, Json params = Json::object()) {
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", modern_revision},
                       {"io.modelcontextprotocol/clientCapabilities", Json::object()}};
    return message(method, std::move(params));
}

std::string modern_head(const std::string& method, const std::string& name = {}) {
    return std::string("MCP-Protocol-Version: ") + modern_revision + "\r\nmcp-method: " + method + "\r\n" +
           (name.empty() ? "" : "Mcp-Name:   " + name + "  \r\n");
}

const Json& description() {
    static const Json parsed = Json::parse(volt::testing::read_file(VOLT_SOURCE_DIR "/schema/agent/openapi.json"));
    return parsed;
}

std::string in_capitals(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

}  // namespace

TEST_CASE("answers MCP by POST in both eras") {
    const ServedAgent at;
    const HttpSaid called = at.post("/mcp", modern_message("tools/call", {{"name", "get_status"}, {"arguments", Json::object()}}),
                                    modern_head("tools/call", "get_status"));
    CHECK_MESSAGE(called.status == 200, called.body);
    CHECK(called.json()["result"]["structuredContent"].contains("battery"));
    const Json found = at.post("/mcp", modern_message("server/discover"), modern_head("server/discover")).json()["result"];
    CHECK(found["capabilities"]["resources"] == Json{{"subscribe", true}});
    CHECK(at.post("/mcp", modern_message("tools/list"), modern_head("tools/call")).json()["error"]["code"] == -32020);
    CHECK(at.post("/mcp", modern_message("no/such"), modern_head("no/such")).status == 404);
    CHECK(at.post("/mcp", message("initialize", {{"protocolVersion", "2025-11-25"}})).json()["result"]["protocolVersion"] ==
          "2025-11-25");
    CHECK(at.post("/mcp", {{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}}).status == 202);
    for (const char* method : {"GET", "PUT", "DELETE", "OPTIONS"}) {
        const HttpSaid refused = at.ask(method, "/mcp");
        CHECK(refused.status == 405);
        CHECK(refused.head.find("Allow: POST") != std::string::npos);
    }
    CHECK(at.get("/api/status").status == 404);
}

TEST_CASE("sends changes to at most two listening clients") {
    ServedAgent at;
    std::atomic<int> alarms = 0, looks = 0;
    at.catalog.look_pause = std::chrono::milliseconds{5};
    at.catalog.look = [&](const CallTime&) { return ++looks, std::to_string(alarms); };
    const auto listen = [&](const char* uri) {
        const Json wanted{{"notifications", {{"resourceSubscriptions", Json::array({uri})}}}};
        const std::string body = modern_message("subscriptions/listen", wanted).dump();
        return "POST /mcp HTTP/1.1\r\nHost: localhost:" + std::to_string(at.port) + "\r\nAuthorization: Bearer " + at.token +
               "\r\nContent-Type: application/json\r\n" + modern_head("subscriptions/listen") +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    const auto refused = [&] {
        const fixture::RawClient third(at.port);
        third.say(listen("volt://alarms"));
        return third.hear_until("too many subscriptions", 100) != "";
    };
    {
        const fixture::RawClient first(at.port), second(at.port);
        first.say(listen("volt://alarms"));
        const std::string begin = first.hear_until("\n\n");
        REQUIRE(begin.find("Content-Type: text/event-stream") != std::string::npos);
        CHECK(begin.find("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\"") !=
              std::string::npos);
        while (looks < 2) std::this_thread::sleep_for(std::chrono::milliseconds{1});
        alarms = 1;
        CHECK(first.hear_until("\n\n").find("notifications/resources/updated") != std::string::npos);
        second.say(listen("volt://alarms"));
        CHECK(second.hear_until("\n\n") != "");
        CHECK(refused());
    }
    while (refused()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    const fixture::RawClient other(at.port);
    other.say(listen("volt://status"));  // not watched, so the stream ends with its acknowledgment
    const std::string all = other.hear(60'000);
    CHECK(all.find("\"notifications\":{}") != std::string::npos);
    CHECK(all.ends_with("\r\n0\r\n\r\n"));
}

TEST_CASE("serves only page and /health without the token") {
    const ServedAgent at;
    struct stat about {};
    REQUIRE(::stat(at.token_file.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0640);
    for (const char* open : {"/", "/page.js", "/page.css", "/health"}) CHECK(at.ask("GET", open, {}, {}, false).status == 200);
    for (const char* closed : {"/conversations", "/memory", "/system/stats", "/nothing"}) {
        const HttpSaid refused = at.ask("GET", closed, {}, {}, false);
        CHECK(refused.status == 401);
        CHECK(refused.head.find("WWW-Authenticate: Bearer") != std::string::npos);
    }
    CHECK(at.ask("POST", "/mcp", "{}", {}, false).status == 401);
    CHECK(at.ask("POST", "/mcp", "{}", "Authorization: Bearer " + std::string(64, '0') + "\r\n", false).status == 401);
    CHECK(at.ask("POST", "/mcp", "{}", "Origin: http://evil.example.com\r\n").status == 403);
    const fixture::RawClient foreign(at.port);
    foreign.say("GET /health HTTP/1.1\r\nHost: evil.example.com\r\n\r\n");
    CHECK(foreign.hear().starts_with("HTTP/1.1 403"));
}

TEST_CASE("limits message size and keeps places for the token") {
    const ServedAgent at;
    Json long_one = message("ping");
    long_one["params"]["x"] = std::string(1'000'000, 'x');
    CHECK(at.post("/mcp", long_one).status == 200);
    long_one["params"]["x"] = std::string(1'100'000, 'x');
    CHECK(at.post("/mcp", long_one).status == 413);
    std::list<fixture::RawClient> idle;
    for (std::size_t i = 0; i < 2 * most_http_connections; ++i) idle.emplace_back(at.port);
    CHECK(volt::testing::eventually([&] { return at.post("/mcp", message("ping")).status == 200; }));
}

TEST_CASE("serves a small page with a strict content policy") {
    const ServedAgent at;
    const HttpSaid page = at.ask("GET", "/", {}, {}, false);
    CHECK(page.head.find("Content-Type: text/html") != std::string::npos);
    CHECK(page.head.find("script-src 'self'") != std::string::npos);
    CHECK(page.head.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(page.body.find("onclick") == std::string::npos);
    CHECK(page.body.find("<style") == std::string::npos);
    CHECK_FALSE(std::regex_search(page.body, std::regex("<script[^>]*>[^<]")));
    std::size_t packed = 0;
    for (const char* file : {"/", "/page.js", "/page.css"}) {
        const HttpSaid small = at.ask("GET", file, {}, "Accept-Encoding: gzip\r\n", false);
        packed += small.body.size();
        CHECK(small.head.find("Cache-Control: no-store") != std::string::npos);
    }
    CHECK(packed < 15'000);
}

TEST_CASE("describes every route in openapi.json") {
    ServedAgent at;
    std::set<std::string> routes, described;
    for (const api::Route& route : served_routes(at.catalog, {*at.access.site, "", "", {}, {}, at.store}, *at.sync)) {
        std::string line = route.method + " " + route.pattern + (route.body == api::Body::json ? " body" : "");
        for (const std::string& key : std::set<std::string>(route.query.begin(), route.query.end())) line += " ?" + key;
        if (grant_of_agent(route.method, route.pattern) == api::Grant::anyone) line += " open";
        routes.insert(line);
    }
    for (const auto& [path, methods] : description()["paths"].items())
        for (const auto& [method, about] : methods.items()) {
            std::string line = in_capitals(method) + " " + std::regex_replace(path, std::regex("\\{[a-z]+\\}"), "{}") +
                               (about.contains("requestBody") ? " body" : "");
            std::set<std::string> keys;
            for (const Json& parameter : about.value("parameters", Json::array()))
                if (parameter["in"] == "query") keys.insert(parameter["name"]);
            for (const std::string& key : keys) line += " ?" + key;
            if (about.value("security", Json()) == Json::array()) line += " open";
            described.insert(line);
            CHECK(about.contains("summary"));
            CHECK(about.contains("responses"));
        }
    CHECK(routes == described);
}

}  // namespace agent_server_test
