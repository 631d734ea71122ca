// Tests of sign-in over a real port: codes, cookies, keys, users, and the limits of another page.
#include "daemon/api/routes/session_routes.hpp"

#include <doctest/doctest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>

#include "daemon/web/files.hpp"
#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::fixture;
using nlohmann::json;

namespace {

struct Reply {
    int status = 0;
    json body;
    httplib::Headers headers;
    std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? "" : found->second;
    }
    /// Returns the value of the cookie that was set.
    std::string cookie() const {
        const std::string set = header("Set-Cookie"), name = "voltd_session=";
        return set.starts_with(name) ? set.substr(name.size(), set.find(';') - name.size()) : "";
    }
};

/// Server with its database, a port and a socket. No loop runs.
struct Guarded {
    TempDir directory;
    std::string path = directory.path + "/voltd.db", socket = directory.path + "/api.sock";
    OpenedStore opened = std::move(open_store(path).value());
    ApiServer server;
    int port = 0;
    std::string token;

    Guarded() {
        server.serve_database(path, *opened.store);
        port = server.start("127.0.0.1", 0, directory.path + "/token").value();
        if (const std::string why = server.open_socket(socket); !why.empty()) FAIL(why);
        std::ifstream(directory.path + "/token") >> token;
    }
    ~Guarded() {
        server.stop();
        opened.store->close(Duration{2000});
    }

    std::string origin() const { return "http://127.0.0.1:" + std::to_string(port); }
    Reply ask(const std::string& method, const std::string& where, const std::string& body = "",
              const httplib::Headers& headers = {}) const {
        httplib::Client client("127.0.0.1", port);
        httplib::Request request;
        request.method = method;
        request.path = where;
        request.body = body;
        request.headers = headers;
        if (method != "GET" && request.headers.count("Content-Type") == 0) request.set_header("Content-Type", "application/json");
        const auto answer = client.send(request);
        if (!answer) return {};
        return {answer->status, json::parse(answer->body, nullptr, false), answer->headers};
    }
    /// Sends a request like the page.
    Reply by_page(const std::string& method, const std::string& where, const std::string& body, const std::string& cookie) const {
        return ask(method, where, body, page(cookie));
    }
    httplib::Headers page(const std::string& cookie) const {
        return {{"Cookie", "voltd_session=" + cookie}, {"Origin", origin()}, {"X-Voltd", "1"}};
    }
    Reply by_socket(const std::string& method, const std::string& where, const std::string& body = "") const {
        const RawClient client(socket);
        client.say(method + " " + where + " HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        const std::string text = client.hear();
        const std::size_t end = text.find("\r\n\r\n");
        if (end == std::string::npos) return {};
        return {std::stoi(text.substr(9, 3)), json::parse(text.substr(end + 4), nullptr, false), {}};
    }
    std::string code(const std::string& how = "{}") const {
        const Reply reply = by_socket("POST", "/api/sessions/code", how);
        return reply.status == 200 ? reply.body["code"].get<std::string>() : "";
    }
    std::string signed_in(const std::string& how = "{}") const {
        return ask("POST", "/session", json{{"code", code(how)}, {"name", "Phone"}}.dump()).cookie();
    }
    std::string key(const std::string& role, const std::string& name) const {
        const Reply reply = by_socket("POST", "/api/sessions/key", json{{"name", name}, {"role", role}}.dump());
        return reply.status == 201 ? reply.body["key"].get<std::string>() : "";
    }
    static httplib::Headers bearer(const std::string& key) { return {{"Authorization", "Bearer " + key}}; }
};

}  // namespace

TEST_CASE("signs one browser in with a server-bound cookie") {
    const Guarded at;
    const Reply made = at.by_socket("POST", "/api/sessions/code", R"({"name":"Kitchen"})");
    REQUIRE(made.status == 200);
    const std::string code = made.body["code"];
    CHECK(made.body["url"] == at.origin() + "/#" + code);
    CHECK(made.body["svg"].get<std::string>().starts_with("<svg "));
    CHECK(made.body["user"] == "admin@wildfireranch.us");
    CHECK(made.body["role"] == "operate");
    CHECK(at.ask("GET", "/session").body["role"] == nullptr);

    const Reply entered = at.ask("POST", "/session", json{{"code", code}}.dump());
    REQUIRE(entered.status == 200);
    CHECK(entered.body["role"] == "operate");
    CHECK(entered.body["name"] == "Kitchen");
    CHECK(entered.body["stored"] == true);
    CHECK(entered.header("Set-Cookie").ends_with("; HttpOnly; SameSite=Strict; Path=/; Max-Age=34560000"));
    CHECK(at.ask("POST", "/session", json{{"code", code}}.dump()).status == 401);

    const std::string cookie = entered.cookie();
    const Reply me = at.ask("GET", "/session", "", {{"Cookie", "voltd_session=" + cookie}});
    CHECK(me.body["role"] == "operate");
    CHECK(me.body["name"] == "Kitchen");
    CHECK(at.ask("GET", "/api/preferences", "", {{"Cookie", "a=b; voltd_session=" + cookie}}).status == 200);
    CHECK(at.ask("GET", "/api/preferences").status == 401);
    const Reply changed = at.by_page("PUT", "/api/preferences", R"({"voltage_low":46.8})", cookie);
    CHECK(changed.status == 200);
    CHECK(at.by_socket("GET", "/api/settings/history?limit=1").body[0]["who"] == "browser Kitchen");
    CHECK(at.by_socket("GET", "/api/users").body[0]["last_login"].is_string());
    CHECK(at.by_socket("GET", "/api/events?kind=session").body[0]["message"] == "Signed in: Kitchen (operate) from 127.0.0.1");
    // With TLS on this machine.
    CHECK(at.ask("POST", "/session", json{{"code", at.code()}}.dump(), {{"X-Forwarded-Proto", "https"}})
              .header("Set-Cookie")
              .ends_with("; Secure"));
}

TEST_CASE("rejects foreign names, pages and forms before reading") {
    const Guarded at;
    const std::string cookie = at.signed_in(), body = R"({"voltage_low":46.8})";
    const json before = at.by_socket("GET", "/api/settings/history").body;
    CHECK(at.ask("GET", "/health", "", {{"Host", "evil.example"}}).status == 421);
    CHECK(at.ask("GET", "/api/preferences", "", {{"Host", "evil.example"}, {"Authorization", "Bearer " + at.token}}).status ==
          421);
    const auto with = [&](const std::string& name, const std::string& value) {
        httplib::Headers headers = at.page(cookie);
        headers.erase(name);
        if (!value.empty()) headers.emplace(name, value);
        return at.ask("PUT", "/api/preferences", body, headers).status;
    };
    CHECK(with("Origin", "") == 403);
    CHECK(with("Origin", "http://127.0.0.1:1") == 403);
    CHECK(with("Origin", "http://evil.example") == 403);
    CHECK(with("X-Voltd", "") == 403);
    CHECK(with("Content-Type", "text/plain") == 403);
    CHECK(with("Content-Type", "application/x-www-form-urlencoded") == 403);
    CHECK(with("Sec-Fetch-Site", "cross-site") == 403);
    // Checked before the session.
    CHECK(at.ask("POST", "/api/mode", "{}", {{"Cookie", "voltd_session=x"}}).status == 403);
    CHECK(at.ask("DELETE", "/session", "", {{"Cookie", "voltd_session=" + cookie}}).status == 403);
    CHECK(at.ask("POST", "/session", json{{"code", at.code()}}.dump(), {{"Origin", "http://evil.example"}}).status == 403);
    CHECK(at.ask("PUT", "/api/preferences", body, {{"Authorization", "Bearer " + at.token}, {"Origin", "http://evil.example"}})
              .status == 403);
    CHECK(at.ask("OPTIONS", "/api/preferences", "", {{"Origin", "http://evil.example"}}).status == 405);
    CHECK(at.ask("GET", "/session", "", {{"Cookie", "voltd_session=" + cookie + "; voltd_session=" + cookie}}).status == 400);
    CHECK(at.by_socket("GET", "/api/settings/history").body == before);
    CHECK(at.by_page("PUT", "/api/preferences", body, cookie).status == 200);

    const Reply plain = at.ask("GET", "/session");
    CHECK(plain.header("Content-Security-Policy").starts_with("default-src 'none'"));
    CHECK(plain.header("X-Content-Type-Options") == "nosniff");
    CHECK(plain.header("Cache-Control") == "no-store");
    CHECK(plain.header("Access-Control-Allow-Origin").empty());
    CHECK(at.ask("GET", "/api/preferences").header("X-Content-Type-Options") == "nosniff");
    CHECK(at.ask("GET", "/health", "", {{"Host", "evil.example"}}).header("X-Content-Type-Options") == "nosniff");
}

TEST_CASE("rejects invalid, foreign and expired cookies") {
    const Guarded at;
    const std::string cookie = at.signed_in(), past = at.signed_in();
    CHECK(at.by_page("DELETE", "/session", "", past).status == 204);
    std::string many;
    for (int i = 0; i < 40; ++i) many += "c" + std::to_string(i) + "=x; ";
    const std::string name = "voltd_session=";
    for (const std::string& sent : {name + cookie.substr(0, cookie.size() - 1), name + past, name + std::string(4096, 'A'), name,
                                    "other_session=" + cookie, many, name + cookie + "A", name + '"' + cookie + '"'}) {
        CAPTURE(sent);
        CHECK(at.ask("GET", "/api/preferences", "", {{"Cookie", sent}}).status == 401);
        CHECK(at.ask("GET", "/session", "", {{"Cookie", sent}}).body["role"] == nullptr);
    }
    CHECK(at.ask("GET", "/api/preferences", "", {{"Cookie", many + name + cookie}}).status == 200);
}

TEST_CASE("shows only the state when viewing is open") {
    Guarded at;
    const std::vector<std::string> seen = {"/api/runs", "/api/events", "/api/decisions", "/api/history?series=battery.voltage_v"};
    const std::vector<std::string> hidden = {"/api/preferences", "/api/miners", "/api/hvac/zones",   "/api/outputs",
                                             "/api/status",      "/metrics",    "/system/stats",     "/openapi.json",
                                             "/api/sessions",    "/api/users",  "/db/schema-status", "/api/settings/history",
                                             "/api/nothing"};
    for (const std::string& path : seen) CHECK_MESSAGE(at.ask("GET", path).status == 401, path);
    at.server.access().guard_by({.view_open = true, .frames = {"http://ha.lan:8123", "https://b.lan"}}, "shack");
    for (const std::string& path : seen) {
        CAPTURE(path);
        CHECK(at.ask("GET", path).status != 401);
        CHECK(at.ask("GET", path, "", {{"Cookie", "voltd_session=of-the-past"}}).status != 401);
        CHECK(at.ask("GET", path, "", Guarded::bearer("wrong")).status == 401);
    }
    CHECK(at.ask("GET", "/api/runs").status == 200);
    for (const std::string& path : hidden) CHECK_MESSAGE(at.ask("GET", path).status == 401, path);
    CHECK(at.ask("PUT", "/api/preferences", R"({"voltage_low":46.8})").status == 401);
    CHECK(at.ask("POST", "/api/mode", R"({"mode":"off"})").status == 401);
    const Reply me = at.ask("GET", "/session");
    CHECK(me.body["view_open"] == true);
    CHECK(me.body["role"] == nullptr);
    CHECK(me.body["site"] == "shack");
    CHECK(me.body["ui"] == web::hash());
    CHECK(me.header("Content-Security-Policy").ends_with("frame-ancestors http://ha.lan:8123 https://b.lan"));
    at.server.access().guard_by({.frames = {"http://ha.lan:8123"}}, "shack");
    CHECK(at.ask("GET", "/session").header("Content-Security-Policy").ends_with("frame-ancestors 'none'"));
    CHECK(at.ask("GET", "/session").body["view_open"] == false);
    CHECK(at.ask("GET", "/api/runs").status == 401);
}

TEST_CASE("ends a browser's creations with its own session") {
    const Guarded at;
    const std::string day = at.signed_in(R"({"days":1})");
    const std::string end = at.ask("GET", "/session", "", at.page(day)).body["expires"];
    const auto code = [&] { return at.by_page("POST", "/api/sessions/code", R"({"days":400})", day); };
    const Reply made = code();
    CHECK(made.body["days"] == 1);
    const Reply entered = at.ask("POST", "/session", json{{"code", made.body["code"]}}.dump());
    CHECK(entered.body["expires"] == end);
    const std::string set = entered.header("Set-Cookie"), age = "Max-Age=";
    CHECK(std::stoi(set.substr(set.find(age) + age.size())) <= 86400);
    CHECK(at.by_page("POST", "/api/sessions/key", R"({"name":"x","role":"operate"})", day).body["expires"] == end);
    const Reply shorter = at.by_page("POST", "/api/sessions/key", R"({"name":"y","days":1})", at.signed_in());
    CHECK(shorter.body["expires"].get<std::string>() >= end);
    const std::string open = code().body["code"];
    CHECK(at.by_page("DELETE", "/session", "", day).status == 204);
    CHECK(at.ask("POST", "/session", json{{"code", open}}.dump()).status == 401);
}

TEST_CASE("limits lists for browsers and programs") {
    const Guarded at;
    const std::string cookie = at.signed_in(), key = at.key("view", "grafana");
    const struct {
        std::string path;
        int most;
    } lists[] = {{"/api/decisions", 2000}, {"/api/events", 1000}, {"/api/runs", 2000}, {"/api/settings/history", 1000}};
    for (const auto& list : lists) {
        CAPTURE(list.path);
        const std::string limit = list.path + "?limit=", more = limit + std::to_string(list.most + 1);
        CHECK(at.by_page("GET", limit + std::to_string(list.most), "", cookie).status == 200);
        const Reply refused = at.by_page("GET", more, "", cookie);
        CHECK(refused.status == 400);
        CHECK(refused.body["need"] == "a whole number from 1 to " + std::to_string(list.most));
        CHECK(at.ask("GET", more, "", Guarded::bearer(key)).status == 400);
        CHECK(at.by_socket("GET", limit + "10000").status == 200);
        CHECK(at.by_socket("GET", limit + "10001").status == 400);
    }
}

TEST_CASE("marks a list that its limit truncated") {
    const Guarded at;
    const std::string cookie = at.signed_in();
    REQUIRE(!at.signed_in().empty());
    const Reply whole = at.by_page("GET", "/api/events?limit=1000", "", cookie);
    REQUIRE(whole.body.size() > 1);
    CHECK(whole.header("X-Truncated").empty());
    const std::string all = std::to_string(whole.body.size());
    CHECK(at.by_page("GET", "/api/events?limit=" + all, "", cookie).header("X-Truncated").empty());
    const Reply cut = at.by_page("GET", "/api/events?limit=1", "", cookie);
    CHECK(cut.body.size() == 1);
    CHECK(cut.body[0] == whole.body[0]);
    CHECK(cut.header("X-Truncated") == "1");
}

TEST_CASE("prefers an address that a phone can open") {
    Guarded at;
    const std::string cookie = at.signed_in();
    const auto url = [&] { return at.by_page("POST", "/api/sessions/code", "{}", cookie).body["url"].get<std::string>(); };
    CHECK(url().starts_with(at.origin() + "/#"));
    at.server.access().set_listening("192.168.1.5", 8480);
    CHECK(url().starts_with("http://192.168.1.5:8480/#"));
}

TEST_CASE("counts rejections without logging their content") {
    Guarded at;
    at.ask("GET", "/health", "", {{"Host", "evil.example"}});
    at.ask("POST", "/api/mode", "{}", {{"Cookie", "voltd_session=x"}});
    at.ask("GET", "/api/runs", "", Guarded::bearer("a-wrong-key"));
    at.ask("GET", "/api/runs", "", {{"Cookie", "voltd_session=a-wrong-cookie"}});
    at.ask("POST", "/session", R"({"code":"AAAAAAAA"})");
    const std::vector<std::string> lines = at.server.access().refusals().take(monotonic_now());
    CHECK(lines.size() == 5);
    for (const std::string& line : lines) {
        CHECK(line.ends_with(", from 127.0.0.1"));
        for (const char* sent : {"evil", "a-wrong", "AAAA"}) CHECK(line.find(sent) == std::string::npos);
    }
}

TEST_CASE("logs the client behind a proxy on this machine") {
    Guarded at;
    at.ask("POST", "/session", R"({"code":"AAAAAAAA"})", {{"X-Forwarded-For", "203.0.113.7"}});
    CHECK(at.server.access().refusals().take(monotonic_now()) ==
          std::vector<std::string>{"Refused a wrong sign-in code, from 127.0.0.1 (forwarded for 203.0.113.7)"});
}

TEST_CASE("answers 401 for wrong codes and 429 for eleven") {
    const Guarded at;
    const auto enter = [&](const std::string& body) { return at.ask("POST", "/session", body).status; };
    CHECK(enter("") == 400);
    CHECK(enter("{}") == 400);
    CHECK(enter("[]") == 400);
    CHECK(enter(R"({"code":12345678})") == 400);
    CHECK(enter(R"({"code":""})") == 400);
    CHECK(enter("{\"code\":\"AAAAAAAA\",\"name\":\"a\\u202eb\"}") == 400);
    CHECK(enter(R"({"code":"AAAAAAAA","role":"operate"})") == 400);
    CHECK(enter(R"({"code":"AAAAAAAA","name":")" + std::string(65, 'a') + "\"}") == 400);
    CHECK(enter(R"({"code":")" + std::string(1 << 20, 'A') + "\"}") == 413);
    CHECK(enter(R"({"code":")" + std::string(1100, 'A') + "\"}") == 413);
    CHECK(at.ask("POST", "/session?code=AAAAAAAA", "{}").status == 400);
    const std::string code = at.code(), right = json{{"code", code}}.dump();
    for (int i = 0; i < 10; ++i) CHECK(enter(R"({"code":"AAAAAAAA"})") == 401);
    const Reply closed = at.ask("POST", "/session", right);
    CHECK(closed.status == 429);
    CHECK(std::stoi(closed.header("Retry-After")) <= 60);
    CHECK(std::stoi(closed.header("Retry-After")) > 0);
    const json events = at.by_socket("GET", "/api/events?kind=session").body;
    REQUIRE(events.size() == 1);
    CHECK(events[0]["level"] == "warning");
    CHECK(events[0].dump().find(code) == std::string::npos);
}

TEST_CASE("ends the cookie at sign-out and replaces it at sign-in") {
    const Guarded at;
    const std::string first = at.signed_in();
    const Reply again = at.by_page("POST", "/session", json{{"code", at.code()}, {"name", "Phone"}}.dump(), first);
    const std::string second = again.cookie();
    CHECK(at.ask("GET", "/api/preferences", "", at.page(first)).status == 401);
    CHECK(at.ask("GET", "/api/preferences", "", at.page(second)).status == 200);
    const Reply out = at.by_page("DELETE", "/session", "", second);
    CHECK(out.status == 204);
    CHECK(out.header("Set-Cookie").find("Max-Age=0") != std::string::npos);
    CHECK(at.by_socket("GET", "/api/events?kind=session").body[0]["message"] == "Signed out: browser Phone from 127.0.0.1");
    CHECK(at.ask("GET", "/api/preferences", "", at.page(second)).status == 401);
    CHECK(at.by_socket("GET", "/api/sessions").body.empty());
}

TEST_CASE("grants a key its role, a wrong one nothing") {
    const Guarded at;
    const std::string view = at.key("view", "grafana"), propose = at.key("propose", "agent"),
                      operate = at.key("operate", "script");
    REQUIRE_FALSE(view.empty());
    const std::string where = "/api/preferences", body = R"({"voltage_low":46.8})";
    CHECK(at.ask("GET", where, "", Guarded::bearer(view)).status == 200);
    CHECK(at.ask("PUT", where, body, Guarded::bearer(view)).status == 403);
    CHECK(at.ask("PUT", where + "?dry_run=1", body, Guarded::bearer(view)).status == 403);
    CHECK(at.ask("PUT", where, body, Guarded::bearer(propose)).body["error"] == "this key may only read and try");
    CHECK(at.ask("PUT", where + "?dry_run=0", body, Guarded::bearer(propose)).status == 403);
    CHECK(at.ask("PUT", where, body, Guarded::bearer(operate)).status == 200);
    CHECK(at.by_socket("GET", "/api/settings/history?limit=1").body[0]["who"] == "key script");
    for (const char* path : {"/api/sessions", "/api/users"})
        CHECK(at.ask("GET", path, "", Guarded::bearer(operate)).status == 403);
    CHECK(at.ask("POST", "/api/sessions/key", R"({"name":"x"})", Guarded::bearer(operate)).status == 403);
    CHECK(at.ask("POST", "/api/sessions/code", "{}", Guarded::bearer(operate)).status == 403);
    CHECK(at.ask("DELETE", "/session", "", Guarded::bearer(view)).status == 204);
    CHECK(at.ask("GET", where, "", Guarded::bearer(view)).status == 200);

    const std::string cookie = at.signed_in(R"({"role":"view"})");
    CHECK(at.by_page("PUT", where, body, cookie).status == 403);
    httplib::Headers both = at.page(cookie);
    both.emplace("Authorization", "Bearer " + operate);
    CHECK(at.ask("PUT", where, body, both).status == 200);
    both.erase("Authorization");
    both.emplace("Authorization", "Bearer wrong");
    CHECK(at.ask("GET", where, "", both).status == 401);
    // A cookie is not a key, nor a key a cookie.
    CHECK(at.ask("GET", where, "", Guarded::bearer(cookie)).status == 401);
    CHECK(at.ask("GET", where, "", at.page(operate)).status == 401);
    CHECK(at.ask("GET", where, "", at.page(std::string(4096, 'a'))).status == 401);

    const json all = at.by_socket("GET", "/api/sessions").body;
    REQUIRE(all.size() == 4);
    CHECK(all.dump().find(view) == std::string::npos);
    for (const json& row : all)
        if (row["name"] == "script") CHECK(at.by_socket("DELETE", "/api/sessions/" + row["id"].get<std::string>()).status == 204);
    CHECK(at.ask("GET", where, "", Guarded::bearer(operate)).status == 401);
    CHECK(at.by_socket("DELETE", "/api/sessions/nobody").status == 404);
    CHECK(at.by_socket("POST", "/api/sessions/key", R"({"name":"agent"})").status == 409);
    CHECK(at.by_socket("POST", "/api/sessions/key", R"({"name":"x","role":"owner"})").status == 400);
    CHECK(at.by_socket("POST", "/api/sessions/key", R"({"name":"x","days":401})").status == 400);
    CHECK(at.by_socket("POST", "/api/sessions/key", R"({"name":"x","days":0})").status == 400);
    CHECK(at.by_socket("POST", "/api/sessions/key", "{}").status == 400);
}

TEST_CASE("signs other browsers in for its own user only") {
    const Guarded at;
    CHECK(at.by_socket("POST", "/api/users", R"({"email":"guest@example.org"})").status == 201);
    CHECK(at.by_socket("POST", "/api/users", R"({"email":"GUEST@example.org"})").status == 409);
    CHECK(at.by_socket("POST", "/api/users", R"({"email":"nonsense"})").status == 400);
    CHECK(at.by_socket("POST", "/api/users", R"({"email":"x@example.org","role":"king"})").status == 400);
    const std::string admin = at.signed_in(), guest = at.signed_in(R"({"user":"guest@example.org"})");
    CHECK(at.ask("GET", "/session", "", at.page(guest)).body["role"] == "view");
    CHECK(at.by_page("POST", "/api/sessions/code", "{}", guest).status == 403);
    CHECK(at.by_socket("POST", "/api/sessions/code", R"({"user":"guest@example.org","role":"operate"})").status == 400);
    CHECK(at.by_socket("POST", "/api/sessions/code", R"({"user":"nobody@example.org"})").status == 404);
    CHECK(at.by_page("POST", "/api/sessions/code", R"({"user":"guest@example.org"})", admin).status == 403);
    const Reply code = at.by_page("POST", "/api/sessions/code", R"({"role":"view","days":7})", admin);
    REQUIRE(code.status == 200);
    CHECK(code.body["user"] == "admin@wildfireranch.us");
    const Reply entered = at.ask("POST", "/session", json{{"code", code.body["code"]}}.dump());
    CHECK(entered.body["role"] == "view");
    CHECK(entered.header("Set-Cookie").find("Max-Age=604800") != std::string::npos);
    CHECK(at.by_page("GET", "/api/users", "", admin).status == 403);
    const json own = at.by_page("GET", "/api/sessions", "", admin).body;
    CHECK(std::count_if(own.begin(), own.end(), [](const json& row) { return row["own"] == true; }) == 1);
    CHECK(at.by_socket("DELETE", "/api/users/guest@example.org").status == 204);
    CHECK(at.ask("GET", "/session", "", at.page(guest)).body["role"] == nullptr);
    CHECK(at.by_socket("DELETE", "/api/users/admin@wildfireranch.us").status == 409);
    CHECK(at.by_socket("DELETE", "/api/users/guest@example.org").status == 404);
}

TEST_CASE("voids the open code of a removed user") {
    const Guarded at;
    REQUIRE(at.by_socket("POST", "/api/users", R"({"email":"guest@example.org"})").status == 201);
    const std::string code = at.code(R"({"user":"guest@example.org"})");
    REQUIRE(at.by_socket("DELETE", "/api/users/guest@example.org").status == 204);
    CHECK(at.ask("POST", "/session", json{{"code", code}}.dump()).status == 401);
}

TEST_CASE("changes nothing for an empty tag") {
    const Guarded at;
    const std::string owner = "Bearer " + at.token;
    const Reply reply =
        at.ask("PUT", "/api/preferences", R"({"voltage_low":47.5})", {{"Authorization", owner}, {"If-Match", "\"\""}});
    CHECK(reply.status == 412);
    CHECK(at.ask("GET", "/api/preferences", "", {{"Authorization", owner}}).body["voltage_low"] == 47.0);
}
