#include "daemon/api/server/lifecycle.hpp"

#include <doctest/doctest.h>

#include <list>
#include <thread>

#include "drivers/store/sqlite/sqlite.hpp"
#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::fixture;
using volt::testing::free_port;

namespace {

/// Database with an API that retries after 50 ms.
struct Kept {
    TempDir directory;
    std::string path = directory.path + "/voltd.db", token_file = directory.path + "/token";
    OpenedStore opened = std::move(open_store(path).value());
    ApiLifecycle keeper{*opened.store, path, [] {}, "", 50ms};

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
    /// Requests an address and waits until it was tried.
    void want(const ApiConfig& api) {
        keeper.request(api);
        keeper.wait_for_try(10s);
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

/// Returns true if the server on `port` accepts this token.
bool admits(int port, const std::string& token) {
    const RawClient client(port);
    client.say("GET /api/nothing HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n");
    return client.hear().starts_with("HTTP/1.1 404");
}

}  // namespace

TEST_CASE("reports a taken port and retries until it is free") {
    auto other = std::make_unique<Served>();
    const int port = other->port;
    Kept kept;
    kept.keeper.request(kept.at(port));
    kept.keeper.wait_for_try(10s);
    CHECK(kept.keeper.failure() == "The local API at 127.0.0.1:" + std::to_string(port) +
                                       " is unavailable: cannot listen on 127.0.0.1:" + std::to_string(port) +
                                       ": another program is using this port");
    other.reset();
    CHECK(volt::testing::eventually([&] { return kept.keeper.failure().empty(); }));
    CHECK(answers(port));
}

TEST_CASE("reports an address that this machine does not have") {
    Kept kept;
    kept.keeper.request({"192.0.2.1", 8480, kept.token_file});
    kept.keeper.wait_for_try(10s);
    CHECK(kept.keeper.failure().find("192.0.2.1:8480: Cannot assign requested address") != std::string::npos);
}

TEST_CASE("moves and ends without waiting for a locked database") {
    Kept kept;
    const int first = free_port();
    kept.keeper.request(kept.at(first));
    kept.keeper.wait_for_try(10s);
    REQUIRE(kept.keeper.failure().empty());
    auto other = Connection::open(kept.path, OpenMode::read_write);
    REQUIRE(other);
    REQUIRE(other.value().execute("BEGIN IMMEDIATE").ok());
    const std::string put = "PUT /api/preferences HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + kept.token() +
                            "\r\nContent-Length: 21\r\n\r\n{\"voltage_low\":46.75}";
    const auto wait_behind_the_lock = [&](int port, std::list<RawClient>& waiting) {
        for (int i = 0; i < 3; ++i) waiting.emplace_back(port).say(put);
        std::this_thread::sleep_for(200ms);  // on their way; too early would only make it easier
    };
    std::list<RawClient> waiting;
    wait_behind_the_lock(first, waiting);
    const int second = free_port();
    auto begin = std::chrono::steady_clock::now();
    kept.keeper.request(kept.at(second));
    CHECK(std::chrono::steady_clock::now() - begin < 100ms);
    CHECK(volt::testing::eventually([&] { return answers(second); }));
    CHECK(volt::testing::eventually([&] { return !answers(first); }));
    CHECK(std::chrono::steady_clock::now() - begin < 2s);

    wait_behind_the_lock(second, waiting);
    begin = std::chrono::steady_clock::now();
    kept.keeper.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    CHECK(other.value().execute("ROLLBACK").ok());
    CHECK(other.value().text("SELECT voltage_low FROM user_preferences") == "47.0");
}

TEST_CASE("rereads the token for the same address") {
    Kept kept;
    const int port = free_port();
    kept.want(kept.at(port));
    const std::string first = kept.token();
    REQUIRE(admits(port, first));
    std::filesystem::remove(kept.token_file);
    kept.want(kept.at(port));
    CHECK(kept.keeper.failure().empty());
    const std::string made = kept.token();
    CHECK(made.size() == 64);
    CHECK(made != first);
    CHECK(admits(port, made));
    CHECK_FALSE(admits(port, first));
    const std::string own(40, 'x');
    std::ofstream(kept.token_file) << own << '\n';
    kept.want(kept.at(port));
    CHECK(admits(port, own));
    CHECK_FALSE(admits(port, made));
}

TEST_CASE("reports an unusable token file without other changes") {
    Kept kept;
    const int port = free_port();
    kept.want(kept.at(port));
    const std::string token = kept.token();
    const std::string good_path = kept.token_file, address = "127.0.0.1:" + std::to_string(port);
    for (const std::string& bad : {kept.directory.path, std::string("/proc/nope")}) {
        CAPTURE(bad);
        kept.token_file = bad;
        for (const int wanted : {port, free_port()}) {
            kept.want(kept.at(wanted));
            const std::string trouble = kept.keeper.failure();
            CAPTURE(trouble);
            CHECK(trouble.find("token file " + bad) != std::string::npos);
            CHECK(trouble.find(address) != std::string::npos);
            CHECK(trouble.find("still answers") != std::string::npos);
            CHECK(admits(port, token));
        }
    }
    std::ofstream(good_path) << "short\n";
    kept.token_file = good_path;
    kept.want(kept.at(port));
    CHECK(kept.keeper.failure().find("shorter than 32 characters") != std::string::npos);
    CHECK(admits(port, token));
    std::filesystem::remove(good_path);
    kept.want(kept.at(port));
    CHECK(kept.keeper.failure().empty());
}

TEST_CASE("keeps the old address if the new port is taken") {
    const Served other;
    Kept kept;
    const int port = free_port();
    kept.want(kept.at(port));
    kept.want(kept.at(other.port));
    CHECK(kept.keeper.failure().find("another program is using this port; 127.0.0.1:" + std::to_string(port) +
                                     " still answers") != std::string::npos);
    CHECK(admits(port, kept.token()));
    kept.want({"192.0.2.1", port, kept.token_file});
    CHECK(kept.keeper.failure().find("192.0.2.1:") != std::string::npos);
    CHECK(admits(port, kept.token()));
    kept.want({"0.0.0.0", port, kept.token_file});
    CHECK(kept.keeper.failure().empty());
    CHECK(admits(port, kept.token()));
}

TEST_CASE("keeps socket and token from a stranger on the port") {
    const Served stranger;
    Kept kept;
    kept.want(kept.at(stranger.port));
    CHECK(kept.keeper.failure().find("another program is using this port") != std::string::npos);
    const RawClient client(kept.directory.path + "/api.sock");
    client.say("GET /api/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(client.hear().starts_with("HTTP/1.1 404"));
}

TEST_CASE("rejects a token from before the start") {
    const std::string own(40, 'x');
    Kept kept;
    std::ofstream(kept.token_file) << own << '\n';
    const int port = free_port();
    kept.want(kept.at(port));
    CHECK(kept.token() != own);
    CHECK_FALSE(admits(port, own));
    CHECK(admits(port, kept.token()));
}
