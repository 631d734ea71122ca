#include "drivers/modbus/scan.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace volt;
using namespace volt::modbus;

namespace scan_test {

namespace {

Subnet net(const char* text) { return subnet_of(text).value(); }

/// A listening socket on loopback, and its port.
struct Listener {
    int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    int port = 0;
    Listener() {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
        REQUIRE(::listen(socket, 8) == 0);
        socklen_t size = sizeof at;
        REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size) == 0);
        port = ntohs(at.sin_port);
    }
    ~Listener() { ::close(socket); }
};

}  // namespace

TEST_CASE("parses a network, and refuses more than /22") {
    CHECK(text_of(net("192.168.1.20/24")) == "192.168.1.0/24");
    CHECK(net("10.0.0.0/22").addresses() == 1024);
    for (const char* bad : {"", "192.168.1.0", "192.168.1.0/", "192.168.1.0/33", "192.168.1.0/-1", "192.168.1/24", "fd00::/64",
                            "gx.lan/24", "192.168.0.0/16", "10.0.0.0/8", "192.168.1.0/24x"}) {
        CAPTURE(std::string(bad));
        CHECK_FALSE(subnet_of(bad));
    }
}

TEST_CASE("scans only private networks of this machine") {
    const std::vector<Subnet> connected = {net("192.168.1.0/24"), net("203.0.113.0/24"), net("192.168.1.7/32"), {0x0A000000U, 8}};
    CHECK(scannable(connected) == std::vector<Subnet>{net("192.168.1.0/24")});
    CHECK(chosen_subnet("192.168.1.0/24", connected).value() == net("192.168.1.0/24"));
    CHECK(chosen_subnet("10.7.8.0/24", connected).value() ==
          net("10.7.8.0/24"));  // part of a network that is too large as a whole
    CHECK(chosen_subnet("8.8.8.0/24", connected).failure().text == "8.8.8.0/24 is not a private network");
    CHECK(chosen_subnet("203.0.113.0/24", connected).failure().text == "203.0.113.0/24 is not a private network");
    CHECK(chosen_subnet("192.168.2.0/24", connected).failure().text == "192.168.2.0/24 is not a network of this machine");
    CHECK(chosen_subnet("192.168.0.0/16", connected).failure().text == "192.168.0.0/16 is too large; at most /22 is scanned");
}

TEST_CASE("loopback is not a connected network") {
    for (const Subnet& it : connected_subnets()) CHECK_FALSE(Subnet{0x7F000000U, 8}.holds(it));
}

TEST_CASE("finds an open port, and ends at once when canceled") {
    const Listener listener;
    ScanLimits limits;
    limits.port = listener.port;
    limits.all = 60s;
    const std::vector<Subnet> few = {{0x7F000000U, 29}};  // 127.0.0.1 to 127.0.0.6
    CHECK(open_hosts(few, limits, [] { return true; }) == std::vector<std::string>{"127.0.0.1"});
    CHECK(open_hosts(few, limits, [] { return false; }).empty());
}

}  // namespace scan_test
