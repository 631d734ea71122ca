#include "daemon/site/ha_devices.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace ha_devices_test {

namespace {

std::string page_at(const std::string& host, bool lan, const std::string& machine = "voltpi") {
    Config config;
    config.api.host = host;
    config.api.lan_plain = lan;
    return ha_home(config, machine).page;
}

}  // namespace

TEST_CASE("shows the page's address only if the network reaches it") {
    CHECK(page_at("127.0.0.1", true).empty());
    CHECK(page_at("0.0.0.0", false).empty());
    CHECK(page_at("0.0.0.0", true) == "http://voltpi.local:8480/");
    CHECK(page_at("::", true, "volt.example.org") == "http://volt.example.org:8480/");
    CHECK(page_at("0.0.0.0", true, "").empty());
    CHECK(page_at("192.168.1.9", true) == "http://192.168.1.9:8480/");
    CHECK(page_at("fd00::9", true) == "http://[fd00::9]:8480/");
}

TEST_CASE("lists miners and wired zone parts by UUID") {
    Policy policy;
    policy.miners.push_back({.id = "u1", .name = "S19", .slug = "s19"});
    policy.zones.push_back({.id = "z1", .name = "Shed", .slug = "shed", .fan_id = "fan", .fan_max_level = 7});
    policy.zones.push_back({.id = "z2", .name = "Attic", .slug = "attic", .heating_enabled = true});
    const HaLoads loads = ha_loads(policy);
    REQUIRE((loads.miners.size() == 1 && loads.zones.size() == 2));
    CHECK((loads.miners[0].uuid == "u1" && loads.miners[0].slug == "s19" && loads.miners[0].name == "S19"));
    CHECK((loads.zones[0].fan_levels == 7 && !loads.zones[0].heated));
    CHECK((loads.zones[1].fan_levels == 0 && loads.zones[1].heated));
}

}  // namespace ha_devices_test
