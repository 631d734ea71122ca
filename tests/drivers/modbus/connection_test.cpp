#include "drivers/modbus/connection.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include "drivers/source.hpp"
#include "tests/fakes/byte_server.hpp"

using namespace volt;
using namespace volt::modbus;

TEST_CASE("connects to numbers and names, and reports unreachable hosts") {
    fakes::ByteServer server;
    StopEvent stop;
    TcpConnection by_number("127.0.0.1", server.port(), stop);
    CHECK_FALSE(by_number.open(1000ms));
    CHECK(by_number.is_clean());
    TcpConnection by_name("127.1", server.port(), stop);  // queried from the resolver, needs no /etc/hosts
    CHECK_FALSE(by_name.open(5000ms));
    by_name.close();
    CHECK_FALSE(by_name.is_open());
    CHECK_FALSE(by_name.is_clean());

    TcpConnection nobody("127.0.0.1", 1, stop);
    const auto failure = nobody.open(1000ms);
    REQUIRE(failure);
    CHECK(failure->fault == Fault::reconnect);
    CHECK(failure->text.find("127.0.0.1 port 1") != std::string::npos);
    CHECK(TcpConnection("256.0.0.1.invalid", 502, stop).open(5000ms));
}

TEST_CASE("connects over IPv6 if this machine has it") {
    const int listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (listener >= 0 && bind(listener, generic, size) == 0 && listen(listener, 1) == 0) {
        REQUIRE(getsockname(listener, generic, &size) == 0);
        StopEvent stop;
        TcpConnection connection("::1", ntohs(address.sin6_port), stop);
        const auto failure = connection.open(1000ms);
        CHECK_FALSE(failure);
        CHECK(connection.is_clean());
    }
    if (listener >= 0) ::close(listener);
}

TEST_CASE("detects unsolicited bytes and a closed peer before the next request") {
    fakes::ByteServer server([](const fakes::Asked& asked) {
        return asked.number == 1 ? fakes::answer_with({1, 2, 3}) : fakes::Script{{}, true};
    });
    StopEvent stop;
    TcpConnection connection("127.0.0.1", server.port(), stop);
    const Bytes request(12, 0);
    const auto dirty = [&] {
        const Time limit = monotonic_now() + 10s;
        while (connection.is_clean() && monotonic_now() < limit) stop.wait_until(monotonic_now() + 2ms);
        return !connection.is_clean();
    };
    for (int i = 0; i < 2; ++i) {
        REQUIRE_FALSE(connection.open(1000ms));
        REQUIRE_FALSE(connection.send(request, monotonic_now() + 1s));
        CHECK(dirty());
    }
}

TEST_CASE("sending to a closed peer fails without a signal") {
    fakes::ByteServer server([](const fakes::Asked&) { return fakes::Script{{}, true}; });
    StopEvent stop;
    TcpConnection connection("127.0.0.1", server.port(), stop);
    REQUIRE_FALSE(connection.open(1000ms));
    std::optional<Failure> failure;
    for (const Time limit = monotonic_now() + 10s; !failure && monotonic_now() < limit;) {
        failure = connection.send(Bytes(12, 0), monotonic_now() + 1s);
        stop.wait_until(monotonic_now() + 1ms);
    }
    REQUIRE(failure);
    CHECK(failure->fault == Fault::reconnect);
    for (int i = 0; i < 3; ++i) CHECK(connection.send(Bytes(12, 0), monotonic_now() + 1s));  // EPIPE from now on
}

TEST_CASE("works with descriptors past 1024, and fails with none left") {
    fakes::ByteServer server;
    StopEvent stop;
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const rlimit before = limit;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 1100);
    REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    std::vector<int> taken;
    while (taken.empty() || taken.back() >= 0) taken.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    taken.pop_back();
    {
        TcpConnection connection("127.0.0.1", server.port(), stop);
        const auto failure = connection.open(1000ms);
        REQUIRE(failure);
        CHECK(failure->text.find("too many open files") != std::string::npos);
        for (int i = 0; i < 4; ++i) {  // the last ones: select() could not take their numbers; the server also needs one
            ::close(taken.back());
            taken.pop_back();
        }
        CHECK_FALSE(connection.open(1000ms));
        CHECK(connection.is_clean());
    }
    for (const int descriptor : taken) ::close(descriptor);
    REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
}

TEST_CASE("stop ends a hanging connect at once") {
    // A listener with a full queue answers no further SYN.
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(listener, generic, size) == 0);
    REQUIRE(listen(listener, 0) == 0);
    REQUIRE(getsockname(listener, generic, &size) == 0);
    std::vector<int> clients;
    for (int i = 0; i < 4; ++i) {
        clients.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        connect(clients.back(), generic, size);
    }
    StopEvent stop;
    TcpConnection connection("127.0.0.1", ntohs(address.sin_port), stop);
    const Time start = monotonic_now();
    const auto timed_out = connection.open(50ms);
    REQUIRE(timed_out);
    CHECK(timed_out->text.find("no answer") != std::string::npos);
    std::thread setter([&] {
        stop.wait_until(monotonic_now() + 50ms);
        stop.set();
    });
    CHECK(connection.open(1h));
    CHECK(monotonic_now() - start < 10s);
    setter.join();
    for (const int client : clients) ::close(client);
    ::close(listener);
}

TEST_CASE("stop ends a wait for bytes at once") {
    fakes::ByteServer server([](const fakes::Asked&) { return fakes::Script{}; });
    StopEvent stop;
    TcpConnection connection("127.0.0.1", server.port(), stop);
    REQUIRE_FALSE(connection.open(1000ms));
    std::thread setter([&] { stop.set(); });
    Bytes got;
    const auto failure = connection.receive(got, 8, monotonic_now() + 1h);
    setter.join();
    REQUIRE(failure);
    CHECK(failure->text == "stopped");
}
