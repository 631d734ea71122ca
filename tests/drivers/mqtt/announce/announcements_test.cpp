#include "drivers/mqtt/announce/announcements.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/mqtt/bus.hpp"

using namespace volt;

namespace announcements_test {

namespace {

constexpr const char* tasmota_config =
    R"({"ip":"192.168.1.40","dn":"Miners","fn":["Primary S21",null],"hn":"miner1","mac":"AABBCCDDEEFF","md":"Plug","ofln":"Offline",)"
    R"("onln":"Online","state":["OFF","ON","TOGGLE","HOLD"],"sw":"13.1.0","t":"miner1","ft":"%prefix%/%topic%/","tp":["cmnd","stat","tele"],)"
    R"("rl":[1,0,0,0],"ver":1})";
constexpr const char* tasmota_sensors =
    R"({"sn":{"Time":"2026-01-02T03:04:05","ENERGY":{"Power":0},"DS18B20":{"Temperature":21.5}},"ver":1})";
constexpr const char* plug_list =
    R"([{"friendly_name":"Coordinator","definition":null},)"
    R"({"friendly_name":"shed/left plug","definition":{"exposes":[{"type":"switch","features":[{"name":"state","property":"state_l2",)"
    R"("endpoint":"l2"}]},{"type":"numeric","name":"power","property":"power"}]}},)"
    R"({"friendly_name":"heat-room","definition":{"exposes":[{"type":"numeric","name":"temperature","property":"temperature"}]}}])";
constexpr const char* fan_config =
    R"({"~":"exhaust1","name":"Exhaust","stat_t":"~/fan/exhaust_fan/state","cmd_t":"~/fan/exhaust_fan/command",)"
    R"("pct_cmd_t":"~/fan/exhaust_fan/speed_level/command","spd_rng_max":10,"avty_t":"~/status",)"
    R"("dev":{"ids":"aabb","name":"exhaust1","sw":"esphome v2024.10.0"}})";
constexpr const char* power_config =
    R"({"name":"Power","stat_t":"plug9/sensor/power/state","dev_cla":"power","unit_of_meas":"W","avty_t":"plug9/status"})";
constexpr const char* switch_config =
    R"({"name":"Relay","stat_t":"plug9/switch/relay/state","cmd_t":"plug9/switch/relay/command","avty_t":"plug9/status"})";
constexpr const char* other_config =
    R"({"name":"Shed heater","command_topic":"shed/heater/set","state_topic":"shed/heater/state","payload_on":"1","payload_off":"0",)"
    R"("value_template":"{{ value_json.relay }}","availability":[{"topic":"shed/heater/online"}],"payload_available":"yes"})";

struct Announced {
    Announcements all;
    Time now = Time(1000);

    void take(const std::string& topic, const std::string& payload, bool retained = true) {
        all.take({topic, payload, retained}, now += 1s);
    }
    /// Returns "dialect name identity" for each output.
    std::vector<std::string> names() const {
        std::vector<std::string> list;
        for (const SeenOutput& it : all.outputs())
            list.push_back(identity_of(it.announced.wiring) + " | " + it.announced.name +
                           (it.announced.wiring.meter ? " W" : ""));
        return list;
    }
    std::vector<std::string> sensors() const {
        std::vector<std::string> list;
        for (const SeenSensor& it : all.sensors()) list.push_back(it.announced.topic + " " + it.announced.field);
        return list;
    }
};

using Lines = std::vector<std::string>;

bool has(const Lines& list, const std::string& text) { return std::find(list.begin(), list.end(), text) != list.end(); }

}  // namespace

TEST_CASE("Tasmota: announces relays, meter and temperatures in two messages") {
    for (const bool config_first : {true, false}) {
        Announced announced;
        if (config_first) announced.take("tasmota/discovery/AABBCCDDEEFF/config", tasmota_config);
        announced.take("tasmota/discovery/AABBCCDDEEFF/sensors", tasmota_sensors);
        if (!config_first) announced.take("tasmota/discovery/AABBCCDDEEFF/config", tasmota_config);
        CHECK(announced.names() == Lines{"tasmota miner1 1 | Primary S21 W"});
        CHECK(announced.sensors() == Lines{"tele/miner1/SENSOR DS18B20.Temperature"});
        CHECK_FALSE(announced.all.outputs().front().announced.wiring.channel);
    }
}

TEST_CASE("Tasmota: several relays with custom words and topic order") {
    Announced announced;
    announced.take("tasmota/discovery/1/config",
                   R"({"dn":"Heaters","fn":[],"state":["AUS","AN"],"t":"heaters","ft":"%topic%/%prefix%/","rl":[1,2,1]})");
    CHECK(announced.names() == Lines{"tasmota heaters 1 | Heaters", "tasmota heaters 3 | Heaters 3"});
    announced.take("heaters/stat/POWER3", "AN", false);
    CHECK(announced.all.outputs()[1].state == OutputState::on);
    CHECK(announced.all.outputs()[0].state == OutputState::unknown);
    announced.take("tele/heaters/STATE", R"({"POWER1":"ON","POWER3":"ON"})", false);  // its discovery takes precedence
    CHECK(announced.all.outputs()[1].announced.wiring.state_word_on == "AN");
}

TEST_CASE("names two Tasmotas that announce one topic") {
    Announced announced;
    announced.take("tasmota/discovery/AABBCCDDEEFF/config", tasmota_config);
    announced.take("tasmota/discovery/AABBCCDDEEFF/config", tasmota_config);
    CHECK(announced.all.outputs().front().announced.note.empty());
    announced.take("tasmota/discovery/001122334455/config", tasmota_config);
    announced.take("tasmota/discovery/AABBCCDDEEFF/config", tasmota_config);
    REQUIRE(announced.names().size() == 1);
    CHECK(announced.all.outputs().front().announced.note.starts_with("two devices have this topic"));
}

TEST_CASE("a temperature in Fahrenheit is offered as one") {
    Announced announced;
    announced.take("homeassistant/sensor/t/config",
                   R"({"name":"Shed","stat_t":"shed/t","dev_cla":"temperature","unit_of_meas":"°F"})");
    announced.take("shed/t", "68.5", false);
    REQUIRE(announced.all.sensors().size() == 1);
    CHECK(announced.all.sensors()[0].announced.fahrenheit);
    CHECK(*announced.all.sensors()[0].celsius == doctest::Approx(20.28).epsilon(0.01));
}

TEST_CASE("Tasmota: without discovery gets only an empty POWER0") {
    Announced announced;
    announced.take("tele/miner2/LWT", "Online");
    const auto questions = announced.all.take_questions();
    REQUIRE(questions.size() == 2);
    CHECK(questions[0].topic == "cmnd/miner2/POWER0");
    CHECK(questions[0].payload.empty());
    CHECK(has(announced.all.take_filters(), "stat/miner2/RESULT"));
    announced.take("stat/miner2/RESULT", R"({"POWER1":"ON","POWER2":"OFF"})", false);
    CHECK(announced.names() == Lines{"tasmota miner2 1 | miner2", "tasmota miner2 2 | miner2 2"});
    announced.take("tele/miner3/LWT", "Offline");
    CHECK(announced.names().size() == 2);
}

TEST_CASE("Shelly Gen1: recognized by announcement and relay topics") {
    Announced announced;
    announced.take("shellies/announce", R"({"id":"shelly1pm-AABBCC","model":"SHSW-PM","mac":"AABBCCDDEEFF"})", false);
    announced.take("shellies/shelly1pm-AABBCC/relay/0", "on", false);
    announced.take("shellies/shelly1pm-AABBCC/relay/0/power", "3247.12", false);
    CHECK(announced.names() == Lines{"shelly-gen1 shelly1pm-AABBCC 0 | shelly1pm-AABBCC W"});
    announced.take("shellies/shelly1pm-AABBCC/relay/0", "off", false);
    CHECK(announced.all.outputs().front().state == OutputState::off);
    announced.take("shellies/announce", R"({"id":"shellydw-1","model":"SHDW-2"})", false);  // a door sensor
    CHECK(announced.names().size() == 1);
}

TEST_CASE("Shelly Gen2: recognized by status, also with only RPC") {
    Announced announced;
    announced.take("site/shed/plug/status/switch:0", R"({"id":0,"output":true,"apower":3247.1})", false);
    announced.take("other/events/rpc",
                   R"({"src":"x","method":"NotifyStatus","params":{"ts":1.0,"switch:1":{"id":1,"output":false}}})", false);
    CHECK(announced.names() == Lines{"shelly-gen2 site/shed/plug 0 | site/shed/plug W", "shelly-gen2 other 1 | other 1"});
    CHECK(announced.all.outputs()[0].announced.note.empty());
    CHECK(announced.all.outputs()[1].announced.note.find("status updates over MQTT are off") == 0);
    announced.take("other/status/switch:1", R"({"id":1,"output":true})", false);
    CHECK(announced.all.outputs()[1].announced.note.empty());
    announced.take("other/events/rpc", R"({"method":"NotifyStatus","params":{"switch:1":{"id":1,"output":false}}})", false);
    CHECK(announced.all.outputs()[1].announced.note.empty());
    announced.take("third/online", "true");
    for (const Message& question : announced.all.take_questions()) {
        CAPTURE(question.topic);
        CHECK(question.payload.find("Switch.Set") == std::string::npos);
        CHECK_FALSE(question.retained);
    }
}

TEST_CASE("Zigbee2MQTT: lists plugs, endpoints and temperatures") {
    Announced announced;
    announced.take("home/zigbee/bridge/devices", plug_list);
    CHECK(announced.names() == Lines{"zigbee2mqtt home/zigbee/shed/left plug 2 | shed/left plug W"});
    CHECK(announced.sensors() == Lines{"home/zigbee/heat-room temperature"});
    announced.take("home/zigbee/heat-room", R"({"temperature":37.5})", false);
    CHECK(announced.all.sensors().front().celsius == 37.5);
    announced.take("home/zigbee/shed/left plug", R"({"state_l2":"ON","power":120})", false);
    CHECK(announced.all.outputs().front().power == Watts{120});
}

TEST_CASE("ESPHome: announces a fan with levels and a metered switch") {
    Announced announced;
    announced.take("homeassistant/fan/exhaust1/exhaust_fan/config", fan_config);
    announced.take("homeassistant/switch/plug9/relay/config", switch_config);
    announced.take("homeassistant/sensor/plug9/power/config", power_config);
    CHECK(announced.names() ==
          Lines{"esphome exhaust1/fan/exhaust_fan | exhaust1 Exhaust", "esphome plug9/switch/relay | Relay W"});
    const OutputConfig fan = announced.all.outputs()[0].announced.wiring;
    CHECK(fan.kind == OutputKind::level);
    CHECK(fan.max_level == 10);
    CHECK(announced.all.outputs()[1].announced.wiring.power_topic == "plug9/sensor/power/state");
    announced.take("homeassistant/sensor/plug9/more/config", R"({"stat_t":"plug9/sensor/more/state","dev_cla":"power"})");
    CHECK(announced.all.outputs()[1].announced.wiring.power_topic.empty());  // unknown which of the two
}

TEST_CASE("other Home Assistant switches are generic") {
    Announced announced;
    announced.take("homeassistant/switch/shed_heater/config", other_config);
    announced.take(
        "homeassistant/device/abc/config",
        R"({"dev":{"name":"Pump"},"o":{"name":"x"},"avty_t":"pump/online","cmps":{"a":{"p":"switch","cmd_t":"pump/set","stat_t":"pump/state"},)"
        R"("b":{"p":"sensor","dev_cla":"temperature","stat_t":"pump/temp"}}})");
    CHECK(announced.names() == Lines{"generic shed/heater/set | Shed heater", "generic pump/set | Pump"});
    const OutputConfig heater = announced.all.outputs()[0].announced.wiring;
    CHECK(heater.payload_on == "1");
    CHECK(heater.state_field == "relay");
    CHECK(heater.available == "yes");
    CHECK(heater.availability_topic == "shed/heater/online");
    CHECK(announced.all.outputs()[1].announced.wiring.availability_topic == "pump/online");
    CHECK(announced.sensors() == Lines{"pump/temp "});
}

TEST_CASE("a gateway's Home Assistant announcements are not listed twice") {
    Announced announced;
    announced.take(
        "zigbee2mqtt/bridge/devices",
        R"([{"friendly_name":"p","definition":{"exposes":[{"type":"switch","features":[{"name":"state","property":"state"}]}]}}])");
    announced.take("homeassistant/switch/0x1/switch/config",
                   R"({"cmd_t":"zigbee2mqtt/p/set","stat_t":"zigbee2mqtt/p","val_tpl":"{{ value_json.state }}"})");
    announced.take("homeassistant/switch/voltd/x/config", R"({"cmd_t":"voltd/shack/miner/a/set"})");
    CHECK(announced.names() == Lines{"zigbee2mqtt zigbee2mqtt/p 0 | p"});
}

TEST_CASE("counts broken, cyclic and oversized announcements") {
    Announced announced;
    announced.take("tasmota/discovery/1/config", "{");
    announced.take("tasmota/discovery/2/config", R"({"t":"a/#"})");
    announced.take("zigbee2mqtt/bridge/devices", std::string(most_list_bytes + 1, ' '));
    announced.take("homeassistant/switch/a/config", "[1]");
    announced.take("homeassistant/switch/b/config", std::string(most_payload_bytes + 1, '{'));
    announced.take("a\x01/online", "true");
    CHECK(announced.all.not_understood() == 6);
    announced.take("homeassistant/switch/c/config", R"({"~":"~/x","cmd_t":"~/set"})");
    announced.take("homeassistant/switch/d/config", R"({"cmd_t":"a\u0007/set"})");
    announced.take("homeassistant/switch/e/config", "");
    CHECK(announced.names().empty());
    CHECK(announced.all.not_understood() == 6);
}

TEST_CASE("lists temperatures that nothing announces, once each") {
    Announced announced;
    announced.take("zigbee2mqtt/heat-room", R"({"battery":97,"temperature":37.5})", false);
    announced.take("tele/plug/SENSOR", R"({"Time":"t","DS18B20":{"Temperature":21.5},"ENERGY":{"Power":5},"TempUnit":"C"})",
                   false);
    announced.take("shed/battery/temperature", "12.25", false);
    announced.take("shellyht-1/status/temperature:0", R"({"id":0,"tC":19.5,"tF":67.1})", false);
    CHECK(announced.sensors() == Lines{"zigbee2mqtt/heat-room temperature", "tele/plug/SENSOR DS18B20.Temperature",
                                       "shed/battery/temperature ", "shellyht-1/status/temperature:0 tC"});
    announced.take("zigbee2mqtt/heat-room", R"({"temperature":37.6})", false);
    CHECK(announced.all.sensors().front().celsius == 37.6);
    announced.take("zigbee2mqtt/bridge/devices", plug_list);
    CHECK(announced.sensors().size() == 4);
    // The relay's own, voltd's own, and what is no number.
    announced.take("shelly1pm/status/switch:0", R"({"output":true,"temperature":{"tC":52.1}})", false);
    announced.take("shellies/shelly1pm-1/temperature", "52.1", false);
    announced.take("voltd/shack/temperature", "20.1", false);
    announced.take("shed/door", R"({"temperature":null})", false);
    CHECK(announced.sensors().size() == 4);
    std::string many = "{";
    for (int i = 0; i < 100; ++i) many += "\"a" + std::to_string(i) + "\":{\"temperature\":1},";
    announced.take("one/sensor", many + "\"b\":1}", false);
    CHECK(announced.sensors().size() == 12);
}

TEST_CASE("two thousand devices cost no more than a thousand") {
    Announced announced;
    for (int i = 0; i < 2000; ++i)
        announced.take("homeassistant/switch/s" + std::to_string(i) + "/config",
                       R"({"cmd_t":"s)" + std::to_string(i) + R"(/set"})");
    CHECK(announced.names().size() == Announcements::most_devices);
    CHECK(announced.all.not_understood() == 1000);
}

TEST_CASE("an output switched by hand while listening has moved") {
    Announced announced;
    announced.take("tasmota/discovery/1/config", tasmota_config);
    announced.take("stat/miner1/POWER", "OFF", false);
    CHECK_FALSE(announced.all.outputs().front().moved_at);
    announced.take("stat/miner1/POWER", "ON", false);
    CHECK(announced.all.outputs().front().moved_at == announced.now);
}

TEST_CASE("no filter is a bare # and no query is retained") {
    for (const std::string& filter : announcement_filters("homeassistant")) CHECK(filter.find('#') == std::string::npos);
    Announced announced;
    announced.take("homeassistant/status", "online", false);
    CHECK(announced.all.has_home_assistant());
}

}  // namespace announcements_test
