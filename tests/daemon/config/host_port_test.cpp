#include "daemon/config/host_port.hpp"

#include <doctest/doctest.h>

#include "daemon/config/config.hpp"

using namespace volt;

TEST_CASE("splits addresses with and without a port") {
    CHECK(split_host_port("broker").host == "broker");
    CHECK_FALSE(split_host_port("broker").port);
    CHECK(split_host_port("broker:1883").host == "broker");
    CHECK(split_host_port("broker:1883").port == 1883);
    CHECK(split_host_port("[::1]:8480").host == "::1");
    CHECK(split_host_port("[::1]:8480").port == 8480);
    CHECK(split_host_port("[fe80::1]").host == "fe80::1");
    CHECK_FALSE(split_host_port("[fe80::1]").port);
    CHECK(split_host_port("fe80::1").host == "fe80::1");
    CHECK_FALSE(split_host_port("fe80::1").port);
    CHECK_FALSE(split_host_port("a:").port);
    CHECK_FALSE(split_host_port("a:99999").port);
    CHECK_FALSE(split_host_port("a:1x").port);
    for (const char* address : {"127.0.0.1:21510x", "127.0.0.1:021510999", "a:100000", "[::1]:84800x", "[::1]:"})
        CHECK_FALSE(split_host_port(address).port);
    for (const char* address : {"gx.lan]", "gx.lan]:502", "::1]:502", "[::1", "[::1:502", "[::1]502", "a[::1]:502", "]", "["}) {
        CHECK(split_host_port(address).host.empty());
        CHECK_FALSE(split_host_port(address).port);
    }
}

TEST_CASE("recognizes loopback addresses") {
    for (const char* host : {"127.0.0.1", "127.1.2.3", "::1", "localhost"}) CHECK(is_loopback(host));
    for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "localhost.lan", "", "127.0.0", "1.127.0.0"})
        CHECK_FALSE(is_loopback(host));
}

TEST_CASE("refuses numbers that the resolver would complete or read as octal") {
    CHECK(wrong_numbers("127.000.000.020") == "zeros before a number mean octal; write 127.0.0.20");
    for (const char* odd : {"192.168.120", "127.1", "2130706433", "0x7f000001", "192.168.1.300", "1.2.3.4.5", "192.168.1."})
        CHECK_MESSAGE(wrong_numbers(odd).starts_with("an address has four numbers"), odd);
    for (const char* good : {"127.0.0.20", "gx.lan", "fd00::20", "gx-007.lan", "localhost", "7up.lan", ""})
        CHECK_MESSAGE(wrong_numbers(good) == "", good);
}

TEST_CASE("removes leading zeros from address numbers") {
    CHECK(without_padding("127.000.000.020") == "127.0.0.20");
    CHECK(without_padding("192.168.001.100") == "192.168.1.100");
    for (const char* plain : {"127.0.0.20", "10.0.0.0", "gx.lan", "gx-007.lan", "fd00::0020", "1.2.3"})
        CHECK(without_padding(plain) == plain);
}
