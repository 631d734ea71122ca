// Browsers and programs at the running daemon: sessions over restarts, roles, and the limits of other pages and guesses.
#include <doctest/doctest.h>

#include <csignal>

#include "tests/integration/api_site.hpp"

using namespace volt::testing;
using nlohmann::json;

namespace {

struct Page {
    const ApiSite& site;
    std::string cookie{};
    std::string host = "127.0.0.1:" + std::to_string(site.api_port);

    HttpReply ask(const std::string& method, const std::string& path, const std::string& body = "",
                  const std::string& origin = "") const {
        const Wire wire(site.api_port);
        wire.say(method + " " + path + " HTTP/1.1\r\nHost: " + host +
                 "\r\nOrigin: " + (origin.empty() ? "http://" + host : origin) +
                 "\r\nX-Voltd: 1\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                 (cookie.empty() ? "" : "\r\nCookie: voltd_session=" + cookie) + "\r\n\r\n" + body);
        return reply_of(wire.hear());
    }
    bool sign_in(const std::string& how) {
        const json made = site.client().ask("POST", "/api/sessions/code", how).body;
        const HttpReply reply = ask("POST", "/session", json{{"code", made.value("code", "")}}.dump());
        const std::string name = "voltd_session=";
        const std::size_t begin = reply.head.find(name);
        if (reply.status != 200 || begin == std::string::npos) return false;
        cookie = reply.head.substr(begin + name.size(), reply.head.find(';', begin) - begin - name.size());
        return true;
    }
};

}  // namespace

TEST_CASE("a signed-in browser and a key survive a killed voltd") {
    ApiSite site(false);
    Page page{site};
    REQUIRE(page.sign_in(R"({"name":"Phone"})"));
    const std::string key = site.client().ask("POST", "/api/sessions/key", R"({"name":"grafana"})").body.value("key", "");
    const Client old = site.client();
    CHECK(page.ask("PUT", "/api/preferences", R"({"voltage_low":46.5})").status == 200);
    CHECK(site.sql("SELECT DISTINCT who FROM settings_history WHERE who LIKE 'browser%'") == "browser Phone\n");
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    site.run();
    CHECK(old.get("/api/preferences").status == 401);
    CHECK(page.ask("GET", "/api/preferences").body["voltage_low"] == 46.5);
    CHECK(page.ask("GET", "/session").body["name"] == "Phone");
    const Client program{site.api_port, key};
    CHECK(program.get("/metrics").status == 200);
    CHECK(program.ask("PUT", "/api/preferences", R"({"voltage_low":46.6})").status == 403);
    CHECK(program.ask("POST", "/api/mode", R"({"mode":"off"})").status == 403);
    CHECK(page.ask("DELETE", "/session").status == 204);
    CHECK(page.ask("GET", "/api/preferences").status == 401);
    CHECK(site.sql("SELECT count(*) FROM web_sessions") == "1\n");
    CHECK(site.sql("SELECT count(*) FROM events WHERE kind = 'session'") == "3\n");
}

TEST_CASE("a viewing browser, another page or a guess changes nothing") {
    ApiSite site(false);
    Page page{site}, viewer{site};
    REQUIRE(page.sign_in("{}"));
    REQUIRE(viewer.sign_in(R"({"role":"view"})"));
    const std::string body = R"({"voltage_low":46.5})", where = "/api/preferences";
    CHECK(viewer.ask("GET", where).status == 200);
    CHECK(viewer.ask("PUT", where, body).status == 403);
    CHECK(viewer.ask("PUT", where + "?dry_run=1", body).status == 403);
    CHECK(viewer.ask("POST", "/api/sessions/key", R"({"name":"x","role":"operate"})").status == 403);
    CHECK(page.ask("PUT", where, body, "http://evil.example").status == 403);
    CHECK(page.ask("PUT", where, body, "http://127.0.0.1:1").status == 403);
    Page rebound = page;
    rebound.host = "evil.example";
    CHECK(rebound.ask("GET", where).status == 421);
    CHECK(rebound.ask("PUT", where, body).status == 421);
    Page guess{site};
    for (const std::string& cookie : {std::string("x"), page.cookie.substr(1), page.cookie + "A", std::string(4096, 'A')}) {
        guess.cookie = cookie;
        CHECK(guess.ask("GET", where).status == 401);
        CHECK(guess.ask("PUT", where, body).status == 401);
    }
    guess.cookie.clear();
    bool closed = false;
    for (int i = 0; i < 11 && !closed; ++i) closed = guess.ask("POST", "/session", R"({"code":"AAAAAAAA"})").status == 429;
    CHECK(closed);
    CHECK(site.sql("SELECT count(*) FROM settings_history WHERE who LIKE 'browser%'") == "0\n");
    CHECK(page.ask("PUT", where, body).status == 200);
    // A user whom the owner removes is signed out.
    CHECK(site.client().ask("DELETE", "/api/users/admin@wildfireranch.us").status == 409);
    const json all = site.client().get("/api/sessions").body;
    for (const json& row : all) CHECK(site.client().ask("DELETE", "/api/sessions/" + row["id"].get<std::string>()).status == 204);
    CHECK(page.ask("GET", where).status == 401);
}
