// The API while control continues: a port in use, one that changes, an end in the middle.
#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <list>
#include <thread>

#include "drivers/store/sqlite/sqlite.hpp"
#include "tests/integration/api_site.hpp"

using namespace volt::testing;

namespace {

/// Another program on a port of 127.0.0.1.
class Squatter {
public:
    explicit Squatter(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::listen(fd_, 1) == 0);
    }
    ~Squatter() { ::close(fd_); }
    Squatter(const Squatter&) = delete;
    Squatter& operator=(const Squatter&) = delete;

private:
    int fd_;
};

bool listens(int port) { return Wire(port).connected(); }

void push_into_lock(const ApiSite& site, std::list<Wire>& waiting) {
    for (int i = 0; i < 6; ++i)
        waiting.emplace_back(site.api_port).say(site.client().request("PUT", "/api/preferences", R"({"voltage_low":46.5})"));
    std::this_thread::sleep_for(std::chrono::milliseconds{300});
}

}  // namespace

TEST_CASE("a port in use is an alarm until it is free") {
    Site site;
    site.write_config();
    site.start_broker();
    site.start_listener();
    auto squatter = std::make_unique<Squatter>(site.api_port);
    site.start_voltd();
    const std::string text = "127.0.0.1:" + std::to_string(site.api_port) + ": another program is using this port";
    CHECK_MESSAGE(
        eventually([&] { return site.state("alarm/api_unreachable").value("text", "").find(text) != std::string::npos; }),
        site.voltd->text());
    squatter.reset();
    // At the latest after 10 s; a reload tries at once.
    site.voltd->signal(SIGHUP);
    CHECK(eventually([&] { return Client{site.api_port, ""}.get("/health").status > 0; }));
    CHECK(eventually([&] { return site.last("voltd/solar-shack/alarm/api_unreachable") == ""; }));
}

TEST_CASE("a reload moves the API while edits wait for the database") {
    ApiSite site(false);
    auto owner = volt::Connection::open(site.database_path(), volt::OpenMode::read_write);
    REQUIRE(owner);
    owner.value().busy_timeout(5000);
    REQUIRE(owner.value().execute("BEGIN IMMEDIATE").ok());
    std::list<Wire> waiting;
    push_into_lock(site, waiting);
    // A mode is in force at once, and reports that it waits for the disk.
    const HttpReply mode = site.client().ask("POST", "/api/mode", R"({"mode":"off"})");
    CHECK(mode.status == 200);
    CHECK(mode.body.value("stored", true) == false);
    CHECK(mode.body.contains("warning"));
    CHECK(
        shell(VOLT_BINARY_DIR "/voltctl mode off --config " + site.config_path()).out.find("warning: the mode is active, but") !=
        std::string::npos);
    const std::string s21 = "primary-s21-revenue";
    const HttpReply off = site.client().ask("POST", "/api/overrides/" + s21, R"({"override":"off","minutes":null})");
    CHECK(off.status == 200);
    CHECK(off.body.value("stored", true) == false);
    CHECK(off.body.value("warning", "").find("loses the override") != std::string::npos);
    CHECK(shell(VOLT_BINARY_DIR "/voltctl override " + s21 + " off --for ever --config " + site.config_path())
              .out.find("warning: the override is active, but") != std::string::npos);
    const int before = site.api_port;
    site.api_port = free_port();
    site.write_config();
    site.voltd->signal(SIGHUP);
    CHECK(eventually([&] { return site.stat("voltd_up") == 1; }));
    CHECK(site.stat("voltd_loop_longest_delay_seconds") < 1.0);
    CHECK(eventually([&] { return !listens(before); }));

    push_into_lock(site, waiting);
    const auto begin = std::chrono::steady_clock::now();
    site.voltd->signal(SIGTERM);
    CHECK(site.voltd->wait() == 0);
    // One after the other, the six edits would hold the end for 30 s.
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{15});
    CHECK(owner.value().execute("ROLLBACK").ok());
}
