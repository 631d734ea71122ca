#include "daemon/api/server/connection.hpp"

#include <doctest/doctest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <string>

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

template <class Condition>
bool soon(Condition condition) {
    for (int i = 0; i < 2000 && !condition(); ++i) std::this_thread::sleep_for(5ms);
    return condition();
}

}  // namespace

TEST_CASE("bytes come through, singly too") {
    const Ends ends;
    DeadlineStream stream = ends.stream(5s);
    ends.send("abc");
    char room[8]{};
    CHECK(stream.read(room, 1) == 1);
    CHECK(stream.is_readable());
    CHECK(stream.read(room + 1, 7) == 2);
    CHECK(std::string(room) == "abc");
    CHECK(stream.write("x", 1) == 1);
}

TEST_CASE("a client that says little is given up at the deadline, however it drips") {
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

TEST_CASE("no more is read than the budget") {
    const Ends ends;
    DeadlineStream stream = ends.stream(5s, 4);
    ends.send("abcdefgh");
    char room[8];
    CHECK(stream.read(room, 8) == 4);
    CHECK(stream.read(room, 8) == -1);
}

TEST_CASE("stopping ends a waiting read at once") {
    const Ends ends;
    DeadlineStream stream = ends.stream(60s);
    std::atomic<bool> ended = false;
    std::thread reader([&] {
        char room[1];
        ended = stream.read(room, 1) == -1;
    });
    ::eventfd_write(ends.stop, 1);
    CHECK(soon([&] { return ended.load(); }));
    reader.join();
}

TEST_CASE("threads are made as they are needed, and what is too much is refused") {
    std::atomic<int> running = 0;
    std::atomic<bool> go = false;
    const auto work = [&] {
        ++running;
        soon([&] { return go.load(); });
        --running;
    };
    BoundedThreads threads(3);
    int refused = 0;
    for (int i = 0; i < 5; ++i) refused += threads.enqueue(work) ? 0 : 1;
    CHECK(soon([&] { return running == 3; }));
    CHECK(refused == 2);
    go = true;
    CHECK(soon([&] { return running == 0; }));
    std::atomic<int> done = 0;
    CHECK(soon([&] { return threads.enqueue([&] { ++done; }); }));
    CHECK(soon([&] { return done > 0; }));
    threads.shutdown();
}
