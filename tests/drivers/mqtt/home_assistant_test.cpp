#include "drivers/mqtt/home_assistant.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "rules/names.hpp"

using namespace volt;
using nlohmann::json;

namespace home_assistant_test {

namespace {

constexpr const char* miner_uuid = "00000000-0000-4000-8000-000000000001";
constexpr const char* zone_uuid = "10000000-0000-4000-8000-000000000002";

const HaHome shack{"solar-shack", "1.2.3", "http://voltpi.local:8480/"};

HaLoads loads() {
    return {{{miner_uuid, "dump-load-s19-1", "Dump Load S19 #1"}}, {{zone_uuid, "heat-room", "Heat Room", 10, true}}};
}

std::vector<HaMessage> messages(const HaHome& home = shack, const HaLoads& of = loads(),
                                const HomeAssistantConfig& config = {true}) {
    return ha_messages(home, of, config);
}

std::set<std::string> keys_of(const json& components) {
    std::set<std::string> keys;
    for (const auto& [key, component] : components.items()) keys.insert(key);
    return keys;
}

json names(const std::vector<const char*>& list) { return list; }

}  // namespace

TEST_CASE("makes a device for site, miners and zones with stable ids") {
    const auto all = messages();
    REQUIRE(all.size() == 3);
    CHECK(all[0].topic == "homeassistant/device/voltd_solar-shack/config");
    CHECK(all[1].topic == "homeassistant/device/voltd_solar-shack_m_00000000000040008000000000000001/config");
    CHECK(all[2].topic == "homeassistant/device/voltd_solar-shack_z_10000000000040008000000000000002/config");
    const json site = json::parse(all[0].payload), miner = json::parse(all[1].payload);
    CHECK(site["device"]["identifiers"] == json{"voltd_solar-shack"});
    CHECK(site["device"]["configuration_url"] == "http://voltpi.local:8480/");
    CHECK_FALSE(site["device"].contains("via_device"));
    CHECK(miner["device"]["via_device"] == "voltd_solar-shack");
    CHECK(miner["device"]["name"] == "Dump Load S19 #1");
    for (const HaMessage& message : all) {
        const json device = json::parse(message.payload);
        CHECK(device["availability_topic"] == "voltd/solar-shack/status");
        CHECK(device["origin"] == json{{"name", "voltd"}, {"sw_version", "1.2.3"}});
        CHECK(device["device"]["sw_version"] == "1.2.3");
    }
    CHECK(json::parse(messages({"a", "1", ""})[0].payload)["device"].contains("configuration_url") == false);
}

TEST_CASE("lists the components of each device") {
    const auto all = messages();
    CHECK(keys_of(json::parse(all[0].payload)["components"]) == std::set<std::string>{"battery_voltage",
                                                                                      "battery_current",
                                                                                      "battery_power",
                                                                                      "battery_temperature",
                                                                                      "battery_soc",
                                                                                      "stage",
                                                                                      "voltage_source",
                                                                                      "pv_power",
                                                                                      "load_power",
                                                                                      "grid_power",
                                                                                      "excess_power",
                                                                                      "available_power",
                                                                                      "alarm_text",
                                                                                      "alarm",
                                                                                      "alarm_critical",
                                                                                      "charging_allowed",
                                                                                      "mode",
                                                                                      "degraded",
                                                                                      "commands",
                                                                                      "clock_trusted",
                                                                                      "version",
                                                                                      "started"});
    CHECK(keys_of(json::parse(all[1].payload)["components"]) == std::set<std::string>{"state", "reason", "text", "running",
                                                                                      "power", "energy", "starts_today",
                                                                                      "runtime_today", "override"});
    CHECK(keys_of(json::parse(all[2].payload)["components"]) ==
          std::set<std::string>{"temperature", "text", "fan_level", "fan_wanted", "fan_override", "heat", "heat_override"});
    HaLoads bare = loads();
    bare.zones[0].fan_levels = 0;
    bare.zones[0].heated = false;
    CHECK(keys_of(json::parse(messages(shack, bare)[2].payload)["components"]) == std::set<std::string>{"temperature", "text"});
}

TEST_CASE("describes the battery's voltage completely") {
    const json site = json::parse(messages()[0].payload);
    CHECK(site["state_topic"] == "voltd/solar-shack/battery");
    CHECK(site["components"]["battery_voltage"] == json{{"platform", "sensor"},
                                                        {"unique_id", "voltd_solar-shack_battery_voltage"},
                                                        {"default_entity_id", "sensor.solar_shack_battery_voltage"},
                                                        {"name", "Battery voltage"},
                                                        {"value_template", "{{ value_json.voltage_v }}"},
                                                        {"device_class", "voltage"},
                                                        {"unit_of_measurement", "V"},
                                                        {"state_class", "measurement"},
                                                        {"suggested_display_precision", 2},
                                                        {"expire_after", 180}});
}

TEST_CASE("options and lists are the names used in topics") {
    const auto all = messages();
    const json site = json::parse(all[0].payload)["components"], miner = json::parse(all[1].payload)["components"],
               zone = json::parse(all[2].payload)["components"];
    CHECK(site["stage"]["options"] == names(names_of<Stage>()));
    CHECK(site["mode"]["options"] == names(names_of<SiteMode>()));
    CHECK(miner["state"]["options"] == names(names_of<LoadState>()));
    CHECK(miner["reason"]["options"] == names(names_of<Reason>()));
    CHECK(miner["override"]["options"] == json{"auto", "on", "off"});
    CHECK(zone["heat"]["options"] == json{"off", "miner", "heater"});
    CHECK(zone["fan_override"]["options"].size() == 3 + 11);
    CHECK(miner["override"]["command_topic"] == "voltd/solar-shack/miner/dump-load-s19-1/set");
    CHECK(zone["fan_override"]["command_topic"] == "voltd/solar-shack/zone/heat-room/fan/set");
    CHECK(zone["heat_override"]["command_topic"] == "voltd/solar-shack/zone/heat-room/heat/set");
    CHECK(site["mode"]["command_topic"] == "voltd/solar-shack/mode/set");
}

TEST_CASE("a rename changes topics and names, not identities") {
    HaLoads renamed = loads();
    renamed.miners[0].slug = "attic";
    renamed.miners[0].name = "Attic";
    const auto before = messages(), after = messages(shack, renamed);
    CHECK(before[1].topic == after[1].topic);
    const json old = json::parse(before[1].payload), fresh = json::parse(after[1].payload);
    CHECK(old["device"]["identifiers"] == fresh["device"]["identifiers"]);
    for (const auto& [key, component] : old["components"].items())
        CHECK(component["unique_id"] == fresh["components"][key]["unique_id"]);
    CHECK(fresh["state_topic"] == "voltd/solar-shack/miner/attic");
}

TEST_CASE("without commands nothing is selectable, and commands are never retained") {
    for (const bool commands : {false, true})
        for (const HaMessage& message : messages(shack, loads(), {true, "homeassistant", commands})) {
            CHECK((message.payload.find("command_topic") != std::string::npos) == commands);
            CHECK(message.payload.find("\"retain\"") == std::string::npos);
            CHECK(message.payload.find("\"number\"") == std::string::npos);
        }
}

TEST_CASE("sanitizes odd names and limits each message to 8 kB") {
    HaLoads odd = loads();
    odd.miners[0].name = "Größe #1 \"x\" \xff";
    odd.zones[0].fan_levels = 255;
    HaHome home = shack;
    home.site = std::string(64, 'x');
    const std::regex topic("homeassistant/device/[a-zA-Z0-9_-]+/config"), id("[a-zA-Z0-9_-]+"), entity("[a-z_]+\\.[a-z0-9_]+");
    for (const HaMessage& message : messages(home, odd)) {
        CHECK(std::regex_match(message.topic, topic));
        const json device = json::parse(message.payload);
        CHECK(std::regex_match(device["device"]["identifiers"][0].get<std::string>(), id));
        for (const auto& [key, component] : device["components"].items()) {
            CHECK(std::regex_match(component["unique_id"].get<std::string>(), id));
            CHECK(std::regex_match(component["default_entity_id"].get<std::string>(), entity));
        }
    }
    home.site = "Solar.Shack/ä";
    CHECK(std::regex_match(messages(home, odd)[0].topic, topic));
    odd.miners[0].name = std::string(100, 'm');
    home.site = std::string(16, 's');
    for (const HaMessage& message : messages(home, odd)) CHECK(message.payload.size() < 8000);
}

TEST_CASE("recognizes the topics of a site") {
    const auto own = [](const char* topic) { return is_ha_topic_of(topic, "homeassistant", "shack"); };
    CHECK(own("homeassistant/device/voltd_shack/config"));
    CHECK(own("homeassistant/device/voltd_shack_m_00000000000040008000000000000001/config"));
    CHECK(own("homeassistant/device/voltd_shack_z_00000000000040008000000000000001/config"));
    for (const char* other : {"homeassistant/device/voltd_shack2/config", "homeassistant/device/voltd_shack_x/config",
                              "homeassistant/device/voltd_shack_m_0001/config", "homeassistant/device/voltd_shack/state",
                              "homeassistant/device/voltd_shack_q_00000000000040008000000000000001/config",
                              "other/device/voltd_shack/config", "homeassistant/sensor/voltd_shack/config", ""})
        CHECK_FALSE_MESSAGE(own(other), other);
    for (const HaMessage& message : messages()) CHECK(is_ha_topic_of(message.topic, "homeassistant", "solar-shack"));
}

TEST_CASE("reduces a removed component to its platform once") {
    const std::string with = messages()[1].payload, without = messages(shack, loads(), {true, "homeassistant", false})[1].payload;
    const std::string between = ha_removal(with, without);
    REQUIRE(!between.empty());
    CHECK(json::parse(between)["components"]["override"] == json{{"platform", "select"}});
    CHECK(json::parse(between)["components"]["state"] == json::parse(without)["components"]["state"]);
    CHECK(ha_removal(between, without).empty());
    CHECK(ha_removal(without, with).empty());
    CHECK(ha_removal("", with).empty());
    for (const char* broken : {"{", "[]", "null", R"({"components":[1]})", R"({"components":{"a":1,"b":{"platform":2,"c":3}}})",
                               R"({"components":{"a":{"platform":"light","c":3},"a/b":{"platform":"sensor","c":3}}})"})
        CHECK_MESSAGE(ha_removal(broken, with).empty(), broken);
}

}  // namespace home_assistant_test
