#include "drivers/host_address.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("classifies addresses as this machine, local network or world") {
    const struct {
        AddressScope scope;
        std::vector<const char*> addresses;
    } rows[] = {
        {AddressScope::loopback, {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"}},
        {AddressScope::every, {"0.0.0.0", "::", "::ffff:0.0.0.0"}},
        {AddressScope::home,
         {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255", "169.254.0.0",
          "169.254.255.255", "100.64.0.0", "100.127.255.255", "fc00::1", "fdff::1", "fe80::1", "fe80::1%eth0", "febf::1",
          "::ffff:192.168.1.20"}},
        {AddressScope::world, {"9.255.255.255",   "11.0.0.0",        "172.15.255.255",
                               "172.32.0.0",      "192.167.255.255", "192.169.0.0",
                               "169.253.255.255", "169.255.0.0",     "100.63.255.255",
                               "100.128.0.0",     "126.255.255.255", "128.0.0.0",
                               "0.0.0.1",         "8.8.8.8",         "255.255.255.255",
                               "2001:db8::1",     "fbff::1",         "fe00::1",
                               "fec0::1",         "ff02::1",         "::2",
                               "::ffff:8.8.8.8"}},
    };
    for (const auto& row : rows)
        for (const char* address : row.addresses) {
            CAPTURE(address);
            CHECK(scope_of(address) == row.scope);
        }
    for (const char* none : {"", "localhost", "shed.lan", "10.0.0", "10.0.0.1.2", "256.0.0.1", "[::1]", "10.0.0.1:80", "::1::"})
        CHECK_MESSAGE(!scope_of(none), none);
}
