#include "daemon/api/server/connection.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "daemon/api/access/listening.hpp"
#include "tests/daemon/api/api_fixture.hpp"
#include "tests/fakes/process.hpp"

using namespace volt::api;
using namespace std::chrono_literals;

namespace {

/// Two ends of a connection, and a way to stop.
struct Ends {
    int pair[2] = {-1, -1};
    int stop = ::eventfd(0, EFD_CLOEXEC);
    Ends() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0); }
    ~Ends() {
        for (const int fd : {pair[0], pair[1], stop}) ::close(fd);
    }
    DeadlineStream stream(std::chrono::milliseconds limit, std::size_t bytes = 1000) const {
        return {pair[0], stop, std::chrono::steady_clock::now() + limit, bytes};
    }
    void send(const std::string& text) const { REQUIRE(::send(pair[1], text.data(), text.size(), 0) > 0); }
};

}  // namespace

TEST_CASE("transfers bytes, also one by one") {
    const Ends ends;
    DeadlineStream stream = ends.stream(5s);
    ends.send("abc");
    char room[8]{};
    CHECK(stream.read(room, 1) == 1);
    CHECK(stream.is_readable());
    CHECK(stream.read(room + 1, 7) == 2);
    CHECK(std::string(room) == "abc");
}

TEST_CASE("delivers the answer despite extra client bytes") {
    const auto listening = listen_at("127.0.0.1", 0);
    REQUIRE(listening);
    const volt::fixture::RawClient client(listening.value().port());
    REQUIRE(client.say("head"));
    pollfd waiting{listening.value().fd(), POLLIN, 0};  // the kernel accepts a connection once it has sent
    REQUIRE(::poll(&waiting, 1, 60'000) == 1);
    const int socket = ::accept4(listening.value().fd(), nullptr, nullptr, SOCK_CLOEXEC);
    const int stop = ::eventfd(0, EFD_CLOEXEC);
    {
        DeadlineStream stream(socket, stop, std::chrono::steady_clock::now() + 5s, 4);
        char room[8]{};
        CHECK(stream.read(room, 4) == 4);
        REQUIRE(client.say("more"));
        pollfd more{socket, POLLIN, 0};
        REQUIRE(::poll(&more, 1, 60'000) == 1);
        CHECK(stream.write("answer", 6) == 6);
        CHECK_FALSE(stream.finish());
    }
    ::close(socket);
    ::close(stop);
    CHECK(client.hear() == "answer");
}

TEST_CASE("sends buffered bytes at the end, a wait or overflow") {
    const Ends ends;
    DeadlineStream stream = ends.stream(200ms);
    char room[32]{};
    CHECK(stream.write("100 Continue, ", 14) == 14);
    CHECK(::recv(ends.pair[1], room, sizeof room, MSG_DONTWAIT) == -1);
    char none[1];
    CHECK(stream.read(none, 1) == -1);
    CHECK(::recv(ends.pair[1], room, sizeof room, MSG_DONTWAIT) == 14);

    DeadlineStream answer = ends.stream(5s);
    CHECK(answer.write("head, ", 6) == 6);
    CHECK(answer.write("body", 4) == 4);
    CHECK(answer.finish());
    CHECK(::recv(ends.pair[1], room, sizeof room, MSG_DONTWAIT) == 10);
    CHECK(std::string(room, 10) == "head, body");

    const Ends others;
    DeadlineStream large = others.stream(5s);
    const std::string file(20'000, 'x');
    CHECK(large.write("head, ", 6) == 6);
    CHECK(large.write(file.data(), file.size()) == 20'000);
    std::string got(file.size() + 6, ' ');
    CHECK(::recv(others.pair[1], got.data(), got.size(), MSG_WAITALL) == 20'006);
    CHECK(got == "head, " + file);
}

TEST_CASE("ends a slow client at the deadline") {
    const Ends ends;
    DeadlineStream stream = ends.stream(200ms);
    const auto begin = std::chrono::steady_clock::now();
    std::atomic<bool> done = false;
    std::thread drip([&] {
        while (!done) {
            if (::send(ends.pair[1], "x", 1, MSG_NOSIGNAL) < 0) return;
            std::this_thread::sleep_for(20ms);
        }
    });
    char room[1];
    while (stream.read(room, 1) == 1) {}
    const auto took = std::chrono::steady_clock::now() - begin;
    done = true;
    drip.join();
    CHECK(took >= 190ms);
    CHECK(took < 5s);
}

TEST_CASE("reads no more than the budget") {
    const Ends ends;
    DeadlineStream stream = ends.stream(5s, 4);
    ends.send("abcdefgh");
    char room[8];
    CHECK(stream.read(room, 8) == 4);
    CHECK(stream.read(room, 8) == -1);
}

TEST_CASE("ends a waiting read at once when stopping") {
    const Ends ends;
    DeadlineStream stream = ends.stream(60s);
    std::atomic<bool> ended = false;
    std::thread reader([&] {
        char room[1];
        ended = stream.read(room, 1) == -1;
    });
    ::eventfd_write(ends.stop, 1);
    CHECK(volt::testing::eventually([&] { return ended.load(); }));
    reader.join();
}
