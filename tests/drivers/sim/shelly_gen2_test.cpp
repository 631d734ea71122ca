#include "drivers/sim/shelly_gen2.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/drivers/sim/device_rig.hpp"

using namespace volt;
using namespace volt::sim;
using nlohmann::json;
using volt::testing::DeviceRig;

namespace {

constexpr const char* switch_on =
    R"({"id":17,"src":"sitectl/shelly","method":"Switch.Set","params":{"id":0,"on":true,"toggle_after":300}})";
constexpr const char* ask = R"({"id":18,"src":"sitectl/shelly","method":"Switch.GetStatus","params":{"id":0}})";
const std::string answers = "sitectl/shelly/rpc";

}  // namespace

TEST_CASE("shelly gen2: runs calls in order, and its timer switches back") {
    ShellyGen2 plug({"shed/plug", true, false, 10s, 3});
    DeviceRig rig(plug);
    CHECK(plug.last_will() == SentMessage{"shed/plug/online", "false", false});
    CHECK(rig.on("shed/plug/online").size() == 1);
    rig.receive("shed/plug/rpc", switch_on);
    rig.receive("shed/plug/rpc", ask);
    rig.until(3s);
    CHECK(plug.closed(0));
    REQUIRE(rig.on(answers).size() == 2);
    const json done = json::parse(rig.on(answers)[0]), status = json::parse(rig.on(answers)[1]);
    CHECK(done == json::parse(R"({"id":17,"src":"shed/plug","dst":"sitectl/shelly","result":{"was_on":false}})"));
    CHECK(status["result"]["output"] == true);
    CHECK(status["result"]["timer_duration"] == 300.0);
    CHECK(rig.said_part("shed/plug/events/rpc", R"("output":true)"));
    CHECK(rig.on("shed/plug/status/switch:0").empty());  // as delivered
    rig.until(200s);
    rig.receive("shed/plug/rpc", switch_on);  // renewed
    rig.until(499s);
    CHECK(plug.closed(0));
    rig.until(501s);
    CHECK_FALSE(plug.closed(0));
    CHECK(rig.said_part("shed/plug/events/rpc", R"("source":"timer")"));
}

TEST_CASE("shelly gen2: handles commands, errors and a lost meter") {
    ShellyGen2 plug({"p", true, true, 10s, 3});
    DeviceRig rig(plug);
    rig.receive("p/command/switch:0", "on");
    rig.until(3s);
    CHECK(plug.closed(0));
    CHECK(rig.said_part("p/status/switch:0", R"("output":true)"));
    rig.receive("p/command", "status_update");
    rig.receive("p/rpc", R"({"id":1,"src":"s","method":"Switch.Set","params":{"id":3,"on":true}})");
    rig.receive("p/rpc", R"({"id":2,"src":"s","method":"Shelly.Dance"})");
    rig.receive("p/rpc", R"({"id":3,"method":"Switch.GetStatus","params":{"id":0}})");  // no source, no answer
    rig.receive("p/rpc", "{half");
    rig.receive("p/command/switch:0", "dance");
    rig.until(13s);
    CHECK(json::parse(rig.on("s/rpc").at(0))["error"]["code"] == -105);
    CHECK(rig.on("s/rpc").size() == 2);
    CHECK(rig.said_part("p/events/rpc", R"("apower":1200.0)"));
    plug.fault(DeviceFault::meter_lost);
    rig.until(40s);
    CHECK_FALSE(rig.said_part("p/events/rpc", "apower"));
    plug.boot(true, rig.around());
    rig.receive("p/command/switch:0", "off");
    rig.until(41s);
    CHECK_FALSE(plug.closed(0));
}
