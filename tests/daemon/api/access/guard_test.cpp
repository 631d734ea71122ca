#include "daemon/api/access/guard.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace volt::api;

namespace {

const GuardSettings shed{"Shed", {"volt.example", "SOLAR.example"}, {"192.168.1.9"}};

/// Returns a change by cookie from voltd's own page.
RequestHead own_page() {
    return {.method = "POST",
            .hosts = {"shed.lan:8480"},
            .cookies = {"voltd_session=abc"},
            .origin = "http://shed.lan:8480",
            .fetch_site = "same-origin",
            .content_type = "application/json",
            .volt = "1",
            .peer = "192.168.1.20"};
}

int status_of(const RequestHead& head, const GuardSettings& settings = shed) {
    const auto refused = refuse_foreign(head, settings);
    return refused ? refused->status : 0;
}

}  // namespace

TEST_CASE("accepts addresses and names of this machine only") {
    for (const char* own : {"127.0.0.1", "127.0.0.1:8480", "192.168.1.20:8480", "[::1]", "[fd00::20]:8480", "localhost",
                            "LOCALHOST:80", "shed", "Shed:8480", "shed.local", "shed.lan", "shed.home", "shed.home.arpa",
                            "shed.internal", "shed.fritz.box", "volt.example", "solar.example:443"})
        CHECK_MESSAGE(is_own_host(own, shed), own);
    for (const char* foreign : {"",
                                "evil.example",
                                "x",
                                "localhost.evil.example",
                                "127.0.0.1.evil.example",
                                "127.0.0.1@evil.example",
                                "shed.example",
                                "other.local",
                                "shed.local.",
                                "sub.volt.example",
                                "1.2.3",
                                "999.1.1.1",
                                "127.1",
                                "0x7f000001",
                                "[::1",
                                "::1",
                                "[::1]x",
                                "[evil.example]",
                                "127.0.0.1:",
                                "127.0.0.1:80x",
                                "127.0.0.1:123456",
                                "127.0.0.1:80:80",
                                " 127.0.0.1",
                                "127.0.0.1 ",
                                "http://127.0.0.1",
                                "volt.example/x",
                                "volt.example\t",
                                ".local",
                                "shed.lan.local"})
        CHECK_MESSAGE(!is_own_host(foreign, shed), foreign);
    CHECK_FALSE(is_own_host(".local", GuardSettings{}));
    CHECK_FALSE(is_own_host("", GuardSettings{}));
    CHECK_FALSE(is_own_host(std::string("localhost\0", 10), shed));
}

TEST_CASE("rejects a foreign, missing or double host name") {
    RequestHead head{.method = "GET", .hosts = {"evil.example"}, .peer = "127.0.0.1"};
    const auto refused = refuse_foreign(head, shed);
    REQUIRE(refused);
    CHECK(refused->status == 421);
    CHECK(refused->type.starts_with("text/plain"));
    CHECK(refused->body.find("api: { hosts: [evil.example] }") != std::string::npos);
    head.hosts = {std::string("<b>\x1b[2J") + std::string(5000, 'a')};
    CHECK(refuse_foreign(head, shed)->body.size() < 400);
    CHECK(refuse_foreign(head, shed)->body.find('\x1b') == std::string::npos);
    head.hosts.clear();
    CHECK(status_of(head) == 421);
    head.hosts = {"127.0.0.1", "127.0.0.1"};
    CHECK(status_of(head) == 400);
    head.hosts = {"127.0.0.1:8480"};
    CHECK(status_of(head) == 0);
}

TEST_CASE("requires Origin, JSON and X-Voltd for changes by cookie") {
    CHECK(status_of(own_page()) == 0);
    const auto without = [](auto change) {
        RequestHead head = own_page();
        change(head);
        return status_of(head);
    };
    CHECK(without([](RequestHead& it) { it.origin.clear(); }) == 403);
    CHECK(without([](RequestHead& it) { it.origin = "null"; }) == 403);
    CHECK(without([](RequestHead& it) { it.origin = "http://shed.lan"; }) == 403);
    CHECK(without([](RequestHead& it) { it.origin = "http://shed.lan:8481"; }) == 403);
    CHECK(without([](RequestHead& it) { it.origin = "https://shed.lan:8480"; }) == 403);
    CHECK(without([](RequestHead& it) { it.origin = "http://shed.lan:8480.evil.example"; }) == 403);
    CHECK(without([](RequestHead& it) { it.origin = "http://SHED.lan:8480"; }) == 0);
    for (const char* site : {"same-site", "cross-site", "none", "x"})
        CHECK(without([site](RequestHead& it) { it.fetch_site = site; }) == 403);
    CHECK(without([](RequestHead& it) { it.fetch_site.clear(); }) == 0);
    for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                             "application/jsonx", "text/plain; application/json"})
        CHECK(without([type](RequestHead& it) { it.content_type = type; }) == 403);
    CHECK(without([](RequestHead& it) { it.content_type = "Application/JSON ; charset=utf-8"; }) == 0);
    CHECK(without([](RequestHead& it) { it.volt.clear(); }) == 403);
    CHECK(without([](RequestHead& it) { it.volt = "0"; }) == 403);
    for (const char* method : {"PUT", "DELETE", "PATCH", "FOO"})
        CHECK(without([method](RequestHead& it) { (it.method = method, it.volt.clear()); }) == 403);
    CHECK(status_of({.method = "GET", .hosts = {"shed"}, .cookies = {"voltd_session=abc"}, .origin = "http://evil.example"}) ==
          0);
}

TEST_CASE("rejects only a foreign page without a cookie") {
    RequestHead head{.method = "PUT", .hosts = {"127.0.0.1:8480"}, .authorization = "Bearer x", .peer = "127.0.0.1"};
    CHECK(status_of(head) == 0);
    head.origin = "http://evil.example";
    CHECK(status_of(head) == 403);
    head.origin = "http://127.0.0.1:8480";
    CHECK(status_of(head) == 0);
    head.fetch_site = "cross-site";
    CHECK(status_of(head) == 403);
}

TEST_CASE("trusts https only from a known proxy") {
    RequestHead head = own_page();
    head.origin = "https://shed.lan:8480";
    head.forwarded_proto = "https";
    CHECK(status_of(head) == 403);
    for (const char* peer : {"127.0.0.1", "::1", "::ffff:127.0.0.1", "192.168.1.9"}) {
        head.peer = peer;
        CHECK(status_of(head) == 0);
    }
    head.forwarded_proto = "http";
    CHECK(status_of(head) == 403);
    CHECK_FALSE(is_loopback_address("128.0.0.1"));
    CHECK_FALSE(is_loopback_address(""));
    CHECK_FALSE(is_loopback_address("::10"));
}

TEST_CASE("logs the address that a known proxy forwards for") {
    const auto text = [](const char* peer, std::vector<std::string> forwarded) {
        GuardSettings settings;
        settings.proxies = {"192.168.1.9"};
        RequestHead head;
        head.peer = peer;
        head.forwarded_for = std::move(forwarded);
        return client_text(head, settings);
    };
    CHECK(text("127.0.0.1", {}) == "127.0.0.1");
    CHECK(text("127.0.0.1", {"203.0.113.7"}) == "127.0.0.1 (forwarded for 203.0.113.7)");
    CHECK(text("192.168.1.9", {"10.0.0.1", "10.0.0.2, fd00::7"}) == "192.168.1.9 (forwarded for fd00::7)");
    CHECK(text("::1", {"[fd00::7]:4711"}) == "::1 (forwarded for [fd00::7]:4711)");
    CHECK(text("192.168.1.8", {"203.0.113.7"}) == "192.168.1.8");
    for (const std::string& wrong : {std::string(), std::string(","), std::string("unknown"), std::string("1.2.3.4\n5"),
                                     std::string("1.2.3.4\u202e"), std::string(54, '1'), std::string("1.2.3.4 admin")})
        CHECK(text("127.0.0.1", {wrong}) == "127.0.0.1");
}

TEST_CASE("finds the session cookie and rejects two") {
    const auto values = [](std::vector<std::string> headers) { return session_cookies({.cookies = std::move(headers)}); };
    CHECK(values({"a=1; voltd_session=abc; b=2"}) == std::vector<std::string>{"abc"});
    CHECK(values({"voltd_session=a=b"}) == std::vector<std::string>{"a=b"});
    CHECK(values({"voltd_session="}) == std::vector<std::string>{""});
    CHECK(values({"xvoltd_session=1", "voltd_session2=1", "VOLTD_SESSION=1", ";;; ;", "", "voltd_session"}).empty());
    CHECK(values({"voltd_session=a", "x=1;voltd_session=b"}).size() == 2);
    std::string many;
    for (int i = 0; i < 40; ++i) many += "c" + std::to_string(i) + "=x; ";
    CHECK(values({many + "voltd_session=z"}) == std::vector<std::string>{"z"});
    RequestHead head{.method = "GET", .hosts = {"shed"}, .cookies = {"voltd_session=a; voltd_session=a"}};
    CHECK(status_of(head) == 400);
}

TEST_CASE("forbids framing, sniffing, caching and foreign scripts") {
    const auto value = [](const std::string& name) -> std::string {
        for (const auto& [key, text] : security_headers())
            if (name == key) return text;
        return "";
    };
    CHECK(content_policy().starts_with("default-src 'none'; script-src 'self';"));
    CHECK(content_policy().ends_with("frame-ancestors 'none'"));
    CHECK(content_policy("http://ha.lan:8123").ends_with("frame-ancestors http://ha.lan:8123"));
    CHECK(value("X-Content-Type-Options") == "nosniff");
    CHECK(value("Referrer-Policy") == "no-referrer");
    CHECK(value("Cross-Origin-Opener-Policy") == "same-origin");
    CHECK(value("Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(value("Permissions-Policy").find("camera=()") != std::string::npos);
    CHECK(value("Cache-Control") == "no-store");
    CHECK(value("Access-Control-Allow-Origin").empty());
}
