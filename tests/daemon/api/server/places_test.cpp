#include "daemon/api/server/places.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

using namespace volt::api;

namespace {

/// Connection whose far end is watched.
struct Pair {
    std::array<int, 2> fds{};
    Pair() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()) == 0); }
    ~Pair() {
        for (const int fd : fds) ::close(fd);
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    int socket() const { return fds[0]; }
    bool reads() const { return ::recv(fds[0], nullptr, 0, MSG_DONTWAIT) < 0; }  // else: its end
    bool writes() const { return ::send(fds[0], "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1; }
};

Places::Moment soon() { return std::chrono::steady_clock::now(); }
Places::Moment late() { return soon() + std::chrono::minutes{5}; }

}  // namespace

TEST_CASE("ends the longest silent client first, credentials never") {
    Places places(4, 4, 2);
    const Pair kept, file, silent, newer;
    places.add(kept.socket());
    places.keep(kept.socket());
    places.add(file.socket());
    REQUIRE(places.begin_file(file.socket(), soon()));
    places.add(silent.socket());
    places.add(newer.socket());
    ::send(silent.fds[1], "x", 1, 0);
    char byte = 0;
    CHECK(places.shed());
    CHECK(::recv(silent.socket(), &byte, 1, 0) == 1);  // received bytes are read
    CHECK(silent.writes());                            // and answered
    CHECK(newer.reads());
    CHECK(places.shed());
    CHECK(file.writes());
    CHECK(places.shed());
    CHECK_FALSE(file.writes());
    CHECK_FALSE(places.shed());
    CHECK(kept.writes());
}

TEST_CASE("ends an answered client before all others") {
    Places places(1, 4, 2);
    const Pair silent, answered;
    places.add(silent.socket());
    places.add(answered.socket());
    REQUIRE(places.share(answered.socket()));
    places.give_way(answered.socket());
    CHECK(places.share(silent.socket()));
    CHECK(places.shed());
    CHECK_FALSE(answered.reads());
    CHECK(silent.reads());
}

TEST_CASE("limits shared places and files") {
    Places places(2, 2, 2);
    CHECK(places.share(1));
    CHECK(places.share(2));
    CHECK_FALSE(places.share(3));
    places.remove(1);
    CHECK(places.share(3));
    CHECK(places.begin_file(1, soon()));
    CHECK(places.begin_file(2, soon()));
    CHECK_FALSE(places.begin_file(3, soon()));
}

TEST_CASE("lets a file wait only while the door is open") {
    Places places(8, 1, 2);
    REQUIRE(places.begin_file(1, soon()));
    bool second = false, third = true;
    {
        std::thread waiting([&] { second = places.begin_file(2, late()); });
        places.remove(1);
        waiting.join();
    }
    CHECK(second);
    {
        std::thread waiting([&] { third = places.begin_file(3, late()); });
        places.close();
        waiting.join();
    }
    CHECK_FALSE(third);
}

TEST_CASE("has separate slots for downloads") {
    Places places(1, 1, 2);
    CHECK(places.begin_download(1));
    CHECK(places.begin_download(2));
    CHECK_FALSE(places.begin_download(3));
    CHECK(places.begin_file(4, soon()));
    places.remove(1);
    CHECK(places.begin_download(3));
}
