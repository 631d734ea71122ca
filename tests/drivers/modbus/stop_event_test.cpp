#include "drivers/modbus/stop_event.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "drivers/source.hpp"

using namespace volt;
using namespace volt::modbus;

TEST_CASE("waits end at the deadline, or at once when set") {
    StopEvent stop;
    const Time start = monotonic_now();
    CHECK_FALSE(stop.wait_until(start + 20ms));
    CHECK(monotonic_now() >= start + 20ms);
    std::thread setter([&] { stop.set(); });
    CHECK(stop.wait_until(start + 1h));
    setter.join();
    CHECK(stop.is_set());
    CHECK(stop.wait_until(start + 1h));
}

TEST_CASE("a ready descriptor ends the wait, but a set event wins") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    StopEvent stop;
    CHECK_FALSE(stop.wait_for(ends[0], POLLIN, monotonic_now() + 10ms));
    REQUIRE(write(ends[1], "x", 1) == 1);
    CHECK(stop.wait_for(ends[0], POLLIN, monotonic_now() + 1h));
    stop.set();
    CHECK_FALSE(stop.wait_for(ends[0], POLLIN, monotonic_now() + 1h));
    close(ends[0]);
    close(ends[1]);
}
