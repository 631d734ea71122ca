#include "drivers/sim/esphome_fan.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace volt;
using namespace volt::sim;

namespace {
bool has(const std::vector<SentMessage>& said, const SentMessage& one) {
    return std::find(said.begin(), said.end(), one) != said.end();
}
}  // namespace

TEST_CASE("esphome fan: has retained level and switch topics") {
    EsphomeFan fan({"exhaust1", "exhaust_fan", 10, 3});
    const auto receive = [&](const std::string& topic, const std::string& payload, Time now) {
        fan.receive(topic, payload, {now, 0, {}});
        fan.turn({now + 200ms, 0, {}});
        return fan.take();
    };
    fan.connected({});
    CHECK(has(fan.take(), {"exhaust1/status", "online", true}));
    CHECK(fan.last_will() == SentMessage{"exhaust1/status", "offline", true});

    const auto set = receive("exhaust1/fan/exhaust_fan/speed_level/command", "7", 1s);
    CHECK(has(set, {"exhaust1/fan/exhaust_fan/speed_level/state", "7", true}));
    CHECK(fan.level() == 0);  // a level alone does not start it
    receive("exhaust1/fan/exhaust_fan/command", "ON", 2s);
    CHECK(fan.level() == 7);
    receive("exhaust1/fan/exhaust_fan/speed_level/command", "11", 3s);  // out of range: ignored
    receive("exhaust1/fan/exhaust_fan/speed_level/command", "-1", 4s);
    receive("exhaust1/fan/exhaust_fan/command", "LOUD", 5s);
    CHECK(fan.level() == 7);
    const auto off = receive("exhaust1/fan/exhaust_fan/command", "OFF", 6s);
    CHECK(fan.level() == 0);
    CHECK(has(off, {"exhaust1/fan/exhaust_fan/speed_level/state", "7", true}));
}

TEST_CASE("esphome fan: can be deaf and stuck") {
    EsphomeFan fan({"n", "f", 10, 3});
    fan.fault(DeviceFault::deaf);
    fan.receive("n/fan/f/command", "ON", {1s, 0, {}});
    fan.turn({2s, 0, {}});
    CHECK(fan.take().empty());
    fan.fault(DeviceFault::stuck);
    fan.receive("n/fan/f/command", "ON", {3s, 0, {}});
    fan.turn({4s, 0, {}});
    CHECK_FALSE(fan.take().empty());
    CHECK_FALSE(fan.closed(0));
}

TEST_CASE("esphome fan: answers its ping unless deaf") {
    EsphomeFan fan({"exhaust1", "exhaust_fan", 10, 3});
    CHECK(fan.pinged_on() == "esphome/ping/exhaust1");
    fan.receive(fan.pinged_on(), "", {1s, 0, {}});
    const auto said = fan.take();
    REQUIRE(said.size() == 1);
    CHECK(said[0].topic == "esphome/discover/exhaust1");
    fan.fault(DeviceFault::deaf);
    fan.receive(fan.pinged_on(), "", {2s, 0, {}});
    CHECK(fan.take().empty());
}
