#include "drivers/mqtt/no_delay.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/mqtt/broker_site.hpp"
#include "tests/fakes/listener.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

bool sends_at_once(int fd) {
    int on = 0;
    socklen_t size = sizeof on;
    return getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &size) == 0 && on != 0;
}

bool leads_to(int fd, int port) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    return getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0 && ntohs(peer.sin_port) == port;
}

}  // namespace

TEST_CASE("connections to the port send at once, others are unchanged") {
    int port = 0, other_port = 0;
    const int listener = fakes::listen_anywhere(port), other_listener = fakes::listen_anywhere(other_port);
    const auto connected = [](int to) {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = fakes::loopback(to);
        REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        return fd;
    };
    const int near = connected(port), other = connected(other_port);
    CHECK(send_without_delay(port) == 1);
    CHECK(sends_at_once(near));
    CHECK_FALSE(sends_at_once(other));
    for (const int fd : {near, other, listener, other_listener}) close(fd);
}

TEST_CASE("the connection to a broker sends at once") {
    Mosquitto broker;
    BrokerSite site(broker_config(broker.port()));
    REQUIRE(site.until_up());
    int seen = 0;
    for (int fd = 0; fd < 256; ++fd) {
        if (!leads_to(fd, broker.port())) continue;
        ++seen;
        CHECK(sends_at_once(fd));
    }
    CHECK(seen == 1);
    site.link.stop();
}
