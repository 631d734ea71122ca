#include "drivers/modbus/resolve.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/source.hpp"

using namespace volt;
using namespace volt::modbus;

TEST_CASE("numeric addresses need no query") {
    StopEvent stop;
    const auto four = Resolver("192.0.2.7").addresses(monotonic_now(), stop);
    REQUIRE(four.ok());
    CHECK(four.value().at(0).text == "192.0.2.7");
    CHECK_FALSE(four.value().at(0).v6);
    const auto six = Resolver("::1").addresses(monotonic_now(), stop);
    REQUIRE(six.ok());
    CHECK(six.value().at(0).v6);
}

TEST_CASE("a name gives a few numeric addresses") {
    StopEvent stop;
    Resolver resolver("127.1");  // a name for the resolver that has an answer on every machine, even without /etc/hosts
    for (int i = 0; i < 2; ++i) {
        const auto found = resolver.addresses(monotonic_now() + 10s, stop);
        REQUIRE(found.ok());
        CHECK(found.value().size() <= most_addresses);
        CHECK(std::ranges::any_of(found.value(), [](const HostAddress& a) { return a.text == "127.0.0.1" || a.text == "::1"; }));
    }
}

TEST_CASE("an unknown name or a stop fails to connect") {
    StopEvent stop;
    Resolver resolver("no such host.invalid");
    const auto found = resolver.addresses(monotonic_now() + 10s, stop);
    REQUIRE_FALSE(found.ok());
    CHECK(found.failure().fault == Fault::reconnect);
    stop.set();
    CHECK_FALSE(Resolver("still-no-host.invalid").addresses(monotonic_now() + 10s, stop).ok());
}
