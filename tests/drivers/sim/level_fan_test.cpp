#include "drivers/sim/level_fan.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::sim;

TEST_CASE("level fan: a number sets the level, with 0 for off") {
    LevelFan fan({"heat-room/fan/level", 10, 3});
    const auto receive = [&](const std::string& payload, Time now) {
        fan.receive("heat-room/fan/level/set", payload, {now, 0, {}});
        fan.turn({now + 200ms, 0, {}});
        return fan.take();
    };
    fan.connected({});
    CHECK(fan.take() == std::vector<SentMessage>{{"heat-room/fan/online", "yes", true}, {"heat-room/fan/level", "0", true}});
    CHECK(fan.last_will() == SentMessage{"heat-room/fan/online", "no", true});
    CHECK(receive("5", 1s) == std::vector<SentMessage>{{"heat-room/fan/level", "5", true}});
    CHECK(fan.level() == 5);
    CHECK(receive("11", 2s).empty());
    CHECK(receive("ON", 3s).empty());
    CHECK(fan.level() == 5);
    receive("0", 4s);
    CHECK_FALSE(fan.closed(0));
}

TEST_CASE("level fan: can be deaf and stuck") {
    LevelFan fan({"f/level", 10, 3});
    fan.fault(DeviceFault::deaf);
    fan.receive("f/level/set", "5", {1s, 0, {}});
    fan.turn({2s, 0, {}});
    CHECK(fan.take().empty());
    fan.fault(DeviceFault::stuck);
    fan.receive("f/level/set", "5", {3s, 0, {}});
    fan.turn({4s, 0, {}});
    CHECK(fan.take().size() == 1);
    CHECK(fan.level() == 0);
}
