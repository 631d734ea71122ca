#include "daemon/api_keeper.hpp"

#include <doctest/doctest.h>

#include <list>
#include <thread>

#include "drivers/store/sqlite.hpp"
#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::fixture;

namespace {

template <class Condition>
bool soon(Condition condition) {
    for (int i = 0; i < 4000 && !condition(); ++i) std::this_thread::sleep_for(5ms);
    return condition();
}

/// A database, and a keeper over it that tries again after 50 ms.
struct Kept {
    TempDir directory;
    std::string path = directory.path + "/voltd.db", token_file = directory.path + "/token";
    OpenedStore opened = std::move(open_store(path).value());
    ApiKeeper keeper{*opened.store, path, [] {}, 50ms};

    ~Kept() {
        keeper.stop();
        opened.store->close(Duration{2000});
    }
    ApiConfig at(int port) const { return {"127.0.0.1", port, token_file}; }
    std::string token() const {
        std::string text;
        std::ifstream(token_file) >> text;
        return text;
    }
};

bool answers(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool yes = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return yes;
}

/// A port that nobody has.
int free_port() {
    const Served moment;
    return moment.port;
}

}  // namespace

TEST_CASE("a port that is taken is told with its address and tried again until it is free") {
    auto other = std::make_unique<Served>();
    const int port = other->port;
    Kept kept;
    kept.keeper.want(kept.at(port));
    kept.keeper.wait_for_try(10s);
    CHECK(kept.keeper.trouble() ==
          "The local API is not to be had at 127.0.0.1:" + std::to_string(port) + ": cannot listen on 127.0.0.1:" +
              std::to_string(port) + ": another program has this port");
    other.reset();
    CHECK(soon([&] { return kept.keeper.trouble().empty(); }));
    CHECK(answers(port));
}

TEST_CASE("an address that is no address of this machine is told as such") {
    Kept kept;
    kept.keeper.want({"192.0.2.1", 8480, kept.token_file});
    kept.keeper.wait_for_try(10s);
    CHECK(kept.keeper.trouble().find("192.0.2.1:8480: Cannot assign requested address") != std::string::npos);
}

TEST_CASE("requests that wait for a locked database hold up neither an exchange nor the end") {
    Kept kept;
    const int first = free_port();
    kept.keeper.want(kept.at(first));
    kept.keeper.wait_for_try(10s);
    REQUIRE(kept.keeper.trouble().empty());
    auto other = Connection::open(kept.path, OpenMode::read_write);
    REQUIRE(other);
    REQUIRE(other.value().execute("BEGIN IMMEDIATE").ok());
    const std::string put = "PUT /api/preferences HTTP/1.1\r\nAuthorization: Bearer " + kept.token() +
                            "\r\nContent-Length: 21\r\n\r\n{\"voltage_low\":46.75}";
    const auto wait_behind_the_lock = [&](int port, std::list<RawClient>& waiting) {
        for (int i = 0; i < 3; ++i) waiting.emplace_back(port).say(put);
        std::this_thread::sleep_for(200ms);  // on their way into it; too early would only make it easier
    };
    std::list<RawClient> waiting;
    wait_behind_the_lock(first, waiting);
    const int second = free_port();
    auto begin = std::chrono::steady_clock::now();
    kept.keeper.want(kept.at(second));
    CHECK(std::chrono::steady_clock::now() - begin < 100ms);
    CHECK(soon([&] { return answers(second); }));
    CHECK_FALSE(answers(first));
    CHECK(std::chrono::steady_clock::now() - begin < 2s);

    wait_behind_the_lock(second, waiting);
    begin = std::chrono::steady_clock::now();
    kept.keeper.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    CHECK(other.value().execute("ROLLBACK").ok());
    CHECK(other.value().text("SELECT voltage_low FROM user_preferences") == "47.0");
}
