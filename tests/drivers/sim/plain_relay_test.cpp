#include "drivers/sim/plain_relay.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/drivers/sim/device_rig.hpp"

using namespace volt;
using namespace volt::sim;
using volt::testing::DeviceRig;
using Texts = std::vector<std::string>;

TEST_CASE("shelly gen1: each ON restarts its timer") {
    PlainRelay relay({shelly_gen1_topics("shelly1pm-AABBCC"), true, 30s, 10s, 3});
    DeviceRig rig(relay);
    const std::string base = "shellies/shelly1pm-AABBCC/";
    CHECK(rig.on(base + "online") == Texts{"true"});
    CHECK(relay.last_will() == SentMessage{base + "online", "false", false});
    CHECK(rig.on(base + "relay/0") == Texts{"off"});
    rig.receive(base + "relay/0/command", "on");
    rig.until(2s);
    CHECK(relay.closed(0));
    CHECK(rig.on(base + "relay/0").front() == "on");
    rig.receive(base + "command", "announce");
    rig.receive(base + "command", "update");
    rig.until(20s);
    CHECK(rig.said_part("shellies/announce", R"("id":"shelly1pm-AABBCC")"));
    CHECK(rig.on(base + "relay/0/power").back() == "1200.00");
    CHECK(std::stoi(rig.on(base + "relay/0/energy").back()) > 120);  // 1,200 W for over 6 s
    rig.receive(base + "relay/0/command", "on");
    rig.until(49s);
    CHECK(relay.closed(0));
    rig.until(52s);
    CHECK_FALSE(relay.closed(0));
    CHECK(rig.on(base + "relay/0").front() == "off");
}

TEST_CASE("esphome switch: publishes retained states and a watts sensor") {
    PlainRelay relay({esphome_switch_topics("node", "plug"), true, 0s, 10s, 3});
    DeviceRig rig(relay);
    CHECK(relay.last_will() == SentMessage{"node/status", "offline", true});
    CHECK(std::count(rig.said.begin(), rig.said.end(), SentMessage{"node/switch/plug/state", "OFF", true}) == 1);
    rig.receive("node/switch/plug/command", "ON");
    rig.until(90s);
    CHECK(relay.closed(0));  // no timer was set
    CHECK(rig.on("node/sensor/plug_power/state").back() == "1200.00000");
    relay.fault(DeviceFault::meter_lost);
    rig.until(110s);
    CHECK(rig.on("node/sensor/plug_power/state").empty());
    rig.receive("node/switch/plug/command", "ON");  // it is already on, and reports nothing
    rig.until(111s);
    CHECK(rig.on("node/switch/plug/state").empty());
    rig.receive("node/switch/plug/command", "OFF");
    rig.until(112s);
    CHECK(rig.on("node/switch/plug/state") == Texts{"OFF"});
}

TEST_CASE("generic relay: can be deaf, stuck, and on after power cuts") {
    PlainRelay relay({generic_relay_topics("shed/heater"), true, 5s, 10s, 3});
    DeviceRig rig(relay);
    CHECK(rig.on("shed/heater/state") == Texts{R"({"relay":"0"})"});
    relay.fault(DeviceFault::deaf);
    rig.receive("shed/heater/set", "1");
    rig.until(2s);
    CHECK_FALSE(relay.closed(0));
    relay.fault(DeviceFault::stuck);
    rig.receive("shed/heater/set", "1");
    rig.until(3s);
    CHECK_FALSE(relay.closed(0));
    CHECK(rig.on("shed/heater/state").back() == R"({"relay":"1"})");
    relay.fault(DeviceFault::none);
    relay.boot(true, rig.around());
    relay.connected(rig.around());
    rig.until(14s);
    CHECK(relay.closed(0));
    CHECK(rig.on("shed/heater/power").back() == R"({"watts":1200})");
    rig.receive("shed/heater/set", "0");
    rig.until(15s);
    CHECK_FALSE(relay.closed(0));
}
