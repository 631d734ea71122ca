#include "drivers/sim/zigbee_plug.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/sim/device_rig.hpp"

using namespace volt;
using namespace volt::sim;
using volt::testing::DeviceRig;

TEST_CASE("zigbee plug: reports a timed ON only when queried") {
    ZigbeePlug plug({"miner_plug", true, true, 2s, 3});
    DeviceRig rig(plug);
    const std::string topic = "zigbee2mqtt/miner_plug";
    CHECK(rig.on("zigbee2mqtt/bridge/state").size() == 1);
    CHECK(plug.last_will() == SentMessage{topic + "/availability", R"({"state":"offline"})", true});
    rig.receive(topic + "/set", R"({"state":"ON","on_time":300})");
    rig.until(8s);
    CHECK(plug.closed(0));
    CHECK(rig.said_part(topic, R"("power":1200.0,"state":"OFF")"));  // watts and an old state in one object
    rig.receive(topic + "/get", R"({"state":""})");
    rig.until(9s);
    CHECK(rig.said_part(topic, R"("state":"ON")"));
    rig.until(305s);
    CHECK_FALSE(plug.closed(0));
    CHECK(rig.said_part(topic, R"("state":"OFF")"));
}

TEST_CASE("zigbee plug: echoes OFF, and may ignore on_time") {
    ZigbeePlug plug({"p", false, false, 10s, 3});
    DeviceRig rig(plug);
    rig.receive("zigbee2mqtt/p/set", "ON");
    rig.until(2s);
    CHECK(plug.closed(0));
    CHECK(rig.on("zigbee2mqtt/p").size() == 1);
    rig.receive("zigbee2mqtt/p/set", R"({"state":"OFF"})");
    rig.until(3s);
    CHECK_FALSE(plug.closed(0));
    CHECK(rig.said_part("zigbee2mqtt/p", R"("state":"OFF")"));
    rig.receive("zigbee2mqtt/p/set", R"({"state":"ON","on_time":5})");
    rig.until(60s);
    CHECK(plug.closed(0));
    rig.receive("zigbee2mqtt/p/set", "{half");
    rig.receive("zigbee2mqtt/p/set", R"({"state":7})");
    rig.receive("zigbee2mqtt/p/set", R"({"on_time":"x","state":"OFF"})");
    rig.until(61s);
    CHECK_FALSE(plug.closed(0));
    plug.fault(DeviceFault::deaf);
    rig.receive("zigbee2mqtt/p/get", R"({"state":""})");
    rig.until(62s);
    CHECK(rig.on("zigbee2mqtt/p").empty());
}

TEST_CASE("zigbee plug: a restarted gateway publishes its cache") {
    ZigbeePlug plug({"p", false, true, 10s, 3});
    DeviceRig rig(plug);
    plug.gateway_starts(true);
    CHECK(plug.cached() == true);
    rig.connect();
    const auto first = rig.on("zigbee2mqtt/p");
    REQUIRE(first.size() == 1);
    CHECK(first[0].find(R"("state":"ON")") != std::string::npos);
    CHECK_FALSE(plug.closed(0));
    rig.receive("zigbee2mqtt/p/get", R"({"state":""})");
    rig.until(2s);
    CHECK(rig.said_part("zigbee2mqtt/p", R"("state":"OFF")"));
    CHECK(plug.cached() == false);
}
