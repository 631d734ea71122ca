// The local API with faulty, competing or malicious clients, and with a daemon that dies.
#include <doctest/doctest.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <list>
#include <thread>

#include "tests/integration/api_site.hpp"

using namespace volt::testing;
using nlohmann::json;

TEST_CASE("without a token only health is readable") {
    ApiSite site(false);
    struct stat about {};
    REQUIRE(::stat((site.dir / "token").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0640);
    CHECK(site.token.size() == 64);
    for (const std::string& token :
         {std::string(), std::string(64, '0'), site.token + "0", site.token.substr(1), std::string("Bearer")})
        for (const char* path :
             {"/api/preferences", "/api/miners", "/metrics", "/system/stats", "/openapi.json", "/db/schema-status", "/nothing"})
            CHECK(Client{site.api_port, token}.get(path).status == 401);
    CHECK(Client{site.api_port, ""}.ask("PUT", "/api/preferences", "{}").status == 401);
    CHECK(Client{site.api_port, ""}.get("/health").status > 0);
    const Wire basic(site.api_port);
    basic.say("GET /api/miners HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic " + site.token + "\r\n\r\n");
    CHECK(reply_of(basic.hear()).status == 401);

    // paths outside the API lead nowhere
    for (const char* path :
         {"/../../etc/passwd", "/api/miners/../preferences", "/api/%2e%2e/preferences", "/..%2f..%2fetc%2fpasswd",
          "//api/preferences", "/api/preferences/", "/api/miners/%00", "/API/PREFERENCES"}) {
        const HttpReply reply = site.client().get(path);
        CHECK_MESSAGE((reply.status == 404 || reply.status == 400), path << ": " << reply.status);
        CHECK(reply.text.find("root:") == std::string::npos);
    }

    // a separate real client
    const std::string curl =
        "curl -s -m 10 -H 'Authorization: Bearer " + site.token + "' http://127.0.0.1:" + std::to_string(site.api_port);
    CHECK(json::parse(shell(curl + "/api/preferences -X PUT -d '{\"voltage_low\":46.5}'").out)["voltage_low"] == 46.5);
    CHECK(json::parse(shell(curl + "/api/preferences").out)["voltage_low"] == 46.5);
    // A misspelled dry run changes nothing.
    CHECK(json::parse(shell(curl + "'/api/preferences?dryrun=1' -X PUT -d '{\"voltage_low\":46.6}'").out)["field"] == "dryrun");
    CHECK(json::parse(shell(curl + "/api/preferences").out)["voltage_low"] == 46.5);
    CHECK(shell(curl + "/api/preferences/reset -X POST -o /dev/null -w '%{http_code}'").out == "200");
    CHECK(shell(curl + "/api/miners -I -o /dev/null -w '%{http_code}'").out == "200");
}

TEST_CASE("two concurrent writers keep every change whole") {
    ApiSite site(false);
    const int rounds = 15;
    std::atomic<int> refused = 0;
    const auto write = [&](const std::string& field, int first) {
        for (int i = 1; i <= rounds; ++i)
            if (site.client()
                    .ask("PUT", "/api/miners/primary-s21-revenue", "{\"" + field + "\":" + std::to_string(first + i) + "}")
                    .status != 200)
                ++refused;
    };
    std::thread other(write, "min_off_s", 100);
    write("min_on_s", 200);
    other.join();
    CHECK(refused == 0);
    const json row = site.client().get("/api/miners/primary-s21-revenue").body;
    CHECK(row["min_off_s"] == 100 + rounds);
    CHECK(row["min_on_s"] == 200 + rounds);
    CHECK(site.sql("SELECT count(*) FROM settings_history WHERE who = 'owner'") == std::to_string(2 * rounds) + "\n");
}

TEST_CASE("a killed voltd keeps every answered change") {
    ApiSite site(false);
    for (int round = 0; round < 3; ++round) {
        std::atomic<int> answered = 0, asked = 0;
        std::thread writer([&] {
            for (int i = 1;; ++i) {
                asked = i;
                // two columns and a row of history in one change
                const std::string body = "{\"min_on_s\":" + std::to_string(i) + ",\"min_off_s\":" + std::to_string(i) + "}";
                if (site.client().ask("PUT", "/api/miners/primary-s21-revenue", body).status != 200) return;
                answered = i;
            }
        });
        REQUIRE(eventually([&] { return answered >= 5; }));
        site.voltd->signal(SIGKILL);
        site.voltd->wait();
        writer.join();
        const std::string row = site.sql("SELECT min_on_s, min_off_s FROM miner_profiles WHERE slug = 'primary-s21-revenue'");
        const int found = std::stoi(row);
        CHECK(row == std::to_string(found) + "|" + std::to_string(found) + "\n");
        CHECK(found >= answered);
        CHECK(found <= asked);
        CHECK(site.sql("PRAGMA integrity_check") == "ok\n");
        site.run();
        CHECK(site.client().get("/api/miners/primary-s21-revenue").body["min_on_s"] == found);
    }
}

TEST_CASE("survives a thousand connections, endless bodies and slow clients") {
    ApiSite site(false);
    const Client client = site.client();
    const double memory = site.stat("process_resident_memory_bytes");

    // A body of 100 MB is refused by its head, however much data follows.
    {
        const Wire big(site.api_port);
        big.say("PUT /api/preferences HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + site.token +
                "\r\nContent-Length: 104857600\r\n\r\n");
        const std::string piece(1 << 20, 'x');
        int pushed = 0;
        while (pushed < 100 && big.say(piece)) ++pushed;
        CHECK(pushed < 100);
        const Wire polite(site.api_port);
        polite.say("PUT /api/preferences HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + site.token +
                   "\r\nContent-Length: 104857600\r\n\r\n" + std::string(100 * 1024, 'x'));
        CHECK(reply_of(polite.hear()).status == 413);
        const Wire chunked(site.api_port);
        chunked.say("PUT /api/preferences HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + site.token +
                    "\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 100 && chunked.say("10000\r\n" + std::string(0x10000, ' ') + "\r\n"); ++i) {}
        CHECK(reply_of(chunked.hear()).status == 413);
        const std::string push =
            "head -c 104857600 /dev/zero | curl -s -m 20 -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer " + site.token +
            "' -H 'Transfer-Encoding: chunked' -H 'Expect:' -T - http://127.0.0.1:" + std::to_string(site.api_port) +
            "/api/preferences";
        CHECK(shell(push).out == "413");
    }

    CHECK(site.stat("process_resident_memory_bytes") - memory < 80e6);

    // Clients that never finish take half of the places: others are not affected.
    std::list<Wire> slow;
    for (int i = 0; i < 16; ++i)
        slow.emplace_back(site.api_port)
            .say("PUT /api/preferences HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + site.token +
                 "\r\nContent-Length: 50\r\n\r\n{");
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) CHECK(client.get("/api/status").status == 200);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{5});

    // Clients without a token that send little take all other places, and more.
    std::list<Wire> silent;
    for (int i = 0; i < 60; ++i) silent.emplace_back(site.api_port).say(i % 2 == 0 ? "GET /health HTTP/1.1\r\nX" : "");
    std::this_thread::sleep_for(std::chrono::milliseconds{300});
    for (int i = 0; i < 20; ++i) CHECK(client.get("/api/status").status == 200);
    silent.clear();

    // A thousand at once: those beyond the limit are refused.
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
    ::setrlimit(RLIMIT_NOFILE, &files);
    std::list<Wire> many;
    int open = 0, said = 0;
    for (int i = 0; i < 1000; ++i) {
        const Wire& wire = many.emplace_back(site.api_port);
        open += wire.connected();
        wire.say("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    CHECK(open == 1000);
    for (const Wire& wire : many) said += wire.hear(std::chrono::seconds{12}).starts_with("HTTP/1.1 ");
    CHECK_MESSAGE(said > 900, said);
    many.clear();
    CHECK(eventually([&] { return client.get("/api/preferences").status == 200; }));

    // Slow clients are disconnected after 10 s.
    for (const Wire& wire : slow) wire.hear(std::chrono::seconds{12});
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{25});
    CHECK(site.stat("voltd_loop_longest_delay_seconds") < 1.0);
    CHECK(client.get("/system/stats").body["voltd_up"] == 1);
}
