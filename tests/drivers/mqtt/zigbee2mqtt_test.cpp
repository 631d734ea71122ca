#include "drivers/mqtt/zigbee2mqtt.hpp"

#include "tests/drivers/mqtt/dialect_rig.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

OutputConfig plug(std::optional<int> channel = std::nullopt) {
    OutputConfig config;
    config.id = "plug";
    config.dialect = DialectName::zigbee2mqtt;
    config.topic = "miner_plug";
    config.channel = channel;
    return config;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("zigbee2mqtt: names the setting for attributes in separate topics") {
    const auto dialect = make_dialect(plug());
    const auto events = dialect->understand({"zigbee2mqtt/miner_plug/state", "ON", false});
    REQUIRE(events.size() == 1);
    CHECK_FALSE(events[0].state);
    CHECK_FALSE(events[0].alive);
    CHECK(events[0].unread.find("`output: json`") != std::string::npos);
    CHECK(dialect->understand({"zigbee2mqtt/miner_plug", R"({"state":"ON"})", false}).at(0).unread.empty());
}

TEST_CASE("zigbee2mqtt: ON carries on_time, and a query follows") {
    const auto dialect = make_dialect(plug());
    const std::string ask = R"(zigbee2mqtt/miner_plug/get {"state":""})";
    CHECK(lines(dialect->order({.on = true, .lease = 300s})) ==
          Lines{R"(zigbee2mqtt/miner_plug/set {"state":"ON","on_time":300})", ask});
    CHECK(lines(dialect->order({.on = true})) == Lines{R"(zigbee2mqtt/miner_plug/set {"state":"ON"})", ask});
    CHECK(lines(dialect->order({.on = false, .lease = 300s})) == Lines{R"(zigbee2mqtt/miner_plug/set {"state":"OFF"})", ask});
    CHECK(lines(dialect->order({.on = true, .lease = 9000s})).at(0) ==
          R"(zigbee2mqtt/miner_plug/set {"state":"ON","on_time":6553})");
    CHECK(lines(dialect->query()) == Lines{ask});
    OutputConfig metered = plug(2);
    metered.meter = true;
    CHECK(lines(make_dialect(metered)->query()) == Lines{R"(zigbee2mqtt/miner_plug/get {"state_l2":"","power_l2":""})"});
    CHECK(lines(make_dialect(metered)->order({.on = true})).at(1) == R"(zigbee2mqtt/miner_plug/get {"state_l2":""})");
    CHECK(dialect->set_up_lease(300s).empty());
}

TEST_CASE("zigbee2mqtt: reads messages of gateway and device") {
    const std::string topic = "zigbee2mqtt/miner_plug";
    check_vectors(plug(),
                  {
                      {topic, R"({"state":"ON","power":3247.1,"current":13.8,"voltage":238,"energy":12.35,"linkquality":120})",
                       "on 3247W 12350Wh"},
                      {topic, R"({"state":"OFF","power":0})", "off 0W"},
                      {topic, R"({"state":"on","power":"12.6","energy":"0.5"})", "on 13W 500Wh"},
                      {topic, R"({"state":null,"power":null})", ""},
                      {topic, R"({"state":true})", ""},
                      {topic, R"({"state":"LOCK","power":5})", "5W"},
                      {topic, R"({"linkquality":120})", ""},
                      {topic, "ON", ""},
                      {topic, "", ""},
                      {topic + "/availability", R"({"state":"online"})", "there"},
                      {topic + "/availability", R"({"state":"offline"})", "away"},
                      {topic + "/availability", "online", "there"},
                      {topic + "/availability", "offline", "away"},
                      {topic + "/availability", "", ""},
                      {topic + "/availability", R"({"state":1})", ""},
                      {"zigbee2mqtt/bridge/state", R"({"state":"offline"})", "no-gateway"},
                      {"zigbee2mqtt/bridge/state", R"({"state":"online"})", "gateway"},
                      {"zigbee2mqtt/bridge/state", "offline", "no-gateway"},
                      {topic, R"({"state":"OFF","fault":"over current threshold"})", "off problem:over current threshold"},
                      {topic, R"({"state":"OFF","fault":"clear"})", "off"},
                      {topic, R"({"state":"OFF","overload":true,"tamper":true})", "off problem:overload"},
                      {topic, R"({"state":"OFF","over_current":false,"last_event":"remote_off"})", "off"},
                      {"zigbee2mqtt/miner_plug2", R"({"state":"ON"})", ""},
                      {topic + "/get", R"({"state":""})", ""},
                  });
    const auto events = make_dialect(plug())->understand({topic, R"({"state":"ON"})", false});
    CHECK(events.at(0).relayed);
}

TEST_CASE("zigbee2mqtt: supports levels in names, bases, endpoints and fields") {
    auto config = plug(2);
    config.base_topic = "z2m";
    config.topic = "shed/left plug";
    CHECK(lines(make_dialect(config)->order({.on = true, .lease = 60s})).at(0) ==
          R"(z2m/shed/left plug/set {"state_l2":"ON","on_time":60})");
    check_vectors(config, {{"z2m/shed/left plug", R"({"state_l1":"ON","state_l2":"OFF","power_l2":7,"power_l1":9,"energy_l2":1})",
                            "off 7W 1000Wh"},
                           {"z2m/bridge/state", "online", "gateway"},
                           {"zigbee2mqtt/bridge/state", "online", ""}});
    config.channel.reset();
    config.state_field = "state_left";
    config.power_field = "power_phase_b";
    CHECK(lines(make_dialect(config)->query()).at(0) == R"(z2m/shed/left plug/get {"state_left":""})");
    check_vectors(config, {{"z2m/shed/left plug", R"({"state_left":"ON","power_phase_b":3.4,"power":9})", "on 3W"}});
}

TEST_CASE("zigbee2mqtt: finds a retained command in each form") {
    const std::string set = "zigbee2mqtt/miner_plug/set";
    CHECK(heard(plug(), set, R"({"state":"ON"})", true) == "retained-command");
    CHECK(heard(plug(), set, "ON", true) == "retained-command");
    CHECK(heard(plug(), set + "/state", "ON", true) == "retained-command");
    CHECK(heard(plug(), set, R"({"power_on_behavior":"off"})", true).empty());
    CHECK(heard(plug(), set + "/power_on_behavior", "off", true).empty());
    CHECK(heard(plug(), set, "", true).empty());
    CHECK(heard(plug(), set, R"({"state":"ON"})").empty());
    CHECK(heard(plug(), "zigbee2mqtt/miner_plug/l2/set", "ON", true).empty());  // may be a device with that name
    CHECK(heard(plug(2), "zigbee2mqtt/miner_plug/l2/set", "ON", true) == "retained-command");
    CHECK(heard(plug(2), set, R"({"state_l1":"ON"})", true).empty());
    CHECK(heard(plug(2), set + "/state_l2", "ON", true) == "retained-command");
}
