#include "drivers/mqtt/esphome.hpp"

#include "rules/names.hpp"
#include "tests/drivers/mqtt/dialect_rig.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

OutputConfig entity(const std::string& kind, const std::string& component, const std::string& object) {
    OutputConfig config;
    config.id = "fan";
    config.kind = parse<OutputKind>(kind).value();
    config.dialect = DialectName::esphome;
    config.topic = "exhaust1";
    config.component = parse<EsphomeComponent>(component);
    config.object = object;
    return config;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("esphome: a fan gets its level before ON") {
    const auto fan = make_dialect(entity("level", "fan", "exhaust_fan"));
    const std::string base = "exhaust1/fan/exhaust_fan/";
    CHECK(lines(fan->order({.on = true, .level = 7})) == Lines{base + "speed_level/command 7", base + "command ON"});
    CHECK(lines(fan->order({.on = true, .level = 99})).at(0) == base + "speed_level/command 10");
    CHECK(lines(fan->order({.on = true, .level = 0})).at(0) == base + "speed_level/command 1");
    CHECK(lines(fan->order({.on = false, .level = 7})) == Lines{base + "command OFF"});
    CHECK(fan->query().empty());
    CHECK(fan->set_up_lease(300s).empty());
    check_vectors(entity("level", "fan", "exhaust_fan"), {
                                                             {base + "speed_level/state", "7", "level=7"},
                                                             {base + "speed_level/state", "7.000000", "level=7"},
                                                             {base + "speed_level/state", "11", ""},
                                                             {base + "speed_level/state", "-1", ""},
                                                             {base + "speed_level/state", "nan", ""},
                                                             {base + "state", "ON", "on"},
                                                             {base + "state", "OFF", "off"},
                                                             {base + "state", "1", ""},
                                                             {"exhaust1/status", "online", "there"},
                                                             {"exhaust1/status", "offline", "away"},
                                                             {"exhaust1/status", "", ""},
                                                             {"exhaust1/fan/exhaust_fan2/state", "ON", ""},
                                                         });
}

TEST_CASE("esphome: a number is a level with 0 for off") {
    const std::string base = "exhaust1/number/override_fan_speed/";
    const auto config = entity("level", "number", "override_fan_speed");
    CHECK(lines(make_dialect(config)->order({.on = true, .level = 5})) == Lines{base + "command 5"});
    CHECK(lines(make_dialect(config)->order({.on = false})) == Lines{base + "command 0"});
    check_vectors(config, {{base + "state", "7.000000", "on level=7"},
                           {base + "state", "0.000000", "off level=0"},
                           {base + "state", "nan", ""},
                           {base + "state", "10.6", ""},
                           {base + "state", "ON", ""}});
}

TEST_CASE("esphome: reads a switch and its separate power topic") {
    auto config = entity("relay", "switch", "heater");
    config.power_topic = "exhaust1/sensor/heater_power/state";
    const std::string base = "exhaust1/switch/heater/";
    CHECK(lines(make_dialect(config)->order({.on = true, .lease = 300s})) == Lines{base + "command ON"});
    CHECK(lines(make_dialect(config)->order({.on = false})) == Lines{base + "command OFF"});
    check_vectors(config, {{base + "state", "ON", "on"},
                           {base + "speed_level/state", "7", ""},
                           {config.power_topic, "1498.62341", "1499W"},
                           {config.power_topic, "nan", ""},
                           {config.power_topic, "inf", ""}});
    const auto by_relay = make_dialect(entity("relay", "fan", "exhaust_fan"));
    CHECK(lines(by_relay->order({.on = true})) == Lines{"exhaust1/fan/exhaust_fan/command ON"});
}

TEST_CASE("esphome: finds a retained command") {
    const auto config = entity("level", "fan", "f");
    CHECK(heard(config, "exhaust1/fan/f/command", "ON", true) == "retained-command");
    CHECK(heard(config, "exhaust1/fan/f/speed_level/command", "7", true) == "retained-command");
    CHECK(heard(config, "exhaust1/fan/f/command", "ON").empty());
    CHECK(heard(config, "exhaust1/fan/f/command", "", true).empty());
}
