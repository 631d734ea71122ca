#include "daemon/config/build_policy.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/config/site.hpp"

using namespace volt;
using namespace volt::test;

namespace {

Config config_of(const std::string& text) {
    const ParsedConfig parsed = parse(text);
    CAPTURE(said(parsed.problems));
    REQUIRE(parsed.config);
    return *parsed.config;
}

std::vector<std::string> names_of(const std::vector<TemperatureSource>& sources) {
    std::vector<std::string> names;
    for (const TemperatureSource& source : sources) names.push_back(source.name);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("resolves every name of the default rows to an index") {
    Settings settings = default_settings();
    settings.preferences.inverter_max = 9000_W;
    const Policy p = build_policy(config_of(wired), settings, 42);
    CHECK(p.revision == 42);
    CHECK(p.preferences.inverter_max == 9000_W);
    REQUIRE(p.outputs.size() == 6);
    CHECK(p.outputs[0].id == "primary-s21");
    CHECK(p.outputs[0].meter);
    CHECK(p.outputs[0].lease == 300s);
    CHECK(p.outputs[4].kind == OutputKind::level);
    CHECK(p.outputs[4].safe_state == SafeState::automatic);
    CHECK(p.outputs[4].max_level == 10);
    CHECK(p.outputs[5].max_level == 8);
    REQUIRE(p.miners.size() == 2);
    CHECK(p.miners[0].output == 0);
    CHECK(p.miners[1].output == 1);
    CHECK(p.miners[1].zone == 0);
    REQUIRE(p.zones.size() == 2);
    CHECK(p.zones[0].heater == 2);
    CHECK(p.zones[1].heater == 3);
    CHECK(p.zones[0].fan == 4);
    CHECK(p.zones[1].fan == 5);
    CHECK(p.sensors[static_cast<std::size_t>(p.zones[0].sensor)].name == "heat-room");
    CHECK(p.sensors[static_cast<std::size_t>(p.zones[1].sensor)].name == "main-room");
    CHECK(p.weather_configured);
    CHECK(p.weather_stale == 7200s);
    CHECK(p.has_gx);
    CHECK(p.has_sol_ark);
    CHECK(p.charge_output == no_index);
    CHECK(p.charge_means == ChargeMeans::report);
}

TEST_CASE("fills devices, poll intervals and steps of voltage sources") {
    const Policy p = build_policy(
        config_of(wired + "voltage_sources: [victron.battery, victron.system, victron.vebus, sol_ark]\n"), default_settings(), 1);
    REQUIRE(p.voltage_sources.size() == 4);
    for (const std::size_t gx : {0U, 1U, 2U}) {
        CHECK(p.voltage_sources[gx].device == p.voltage_sources[0].device);
        CHECK(p.voltage_sources[gx].poll == 2s);
    }
    CHECK(p.voltage_sources[3].device != p.voltage_sources[0].device);
    CHECK(p.voltage_sources[3].poll == 5s);
    CHECK(p.voltage_sources[0].compares_power);
    CHECK_FALSE(p.voltage_sources[3].compares_power);
    CHECK(p.voltage_sources[0].step == 1_cV);
    CHECK(p.voltage_sources[1].step == 10_cV);
    CHECK(p.voltage_sources[2].step == 1_cV);
    CHECK(p.voltage_sources[3].step == 1_cV);
    CHECK(p.voltage_sources[0].name == "victron.battery");
}

TEST_CASE("dates power by the slower of two inverters") {
    const std::string two = "site: s\nmqtt: {url: mqtt://b}\nsol_ark: {host: h, poll_s: 2}\nsol_ark_2: {host: i, poll_s: 7}\n";
    const Policy p = build_policy(config_of(two), default_settings(), 1);
    REQUIRE(p.voltage_sources.size() == 2);
    CHECK(p.voltage_sources[0].device != p.voltage_sources[1].device);
    CHECK(p.voltage_sources[1].poll == 7s);
    CHECK(p.power_poll == 7s);
    CHECK(names_of(p.battery_temperatures) == Names{"sol_ark", "sol_ark_2"});
}

TEST_CASE("orders temperatures by trust, each with its age limit") {
    const Policy p = build_policy(config_of(wired), default_settings(), 1);
    CHECK(names_of(p.battery_temperatures) == Names{"victron.battery", "box", "cells", "victron.vebus", "sol_ark"});
    CHECK(names_of(p.sensors) == Names{"heat-room", "main-room", "attic"});
    CHECK(p.battery_temperatures[0].zero_is_suspect);
    CHECK(p.battery_temperatures[1].zero_is_suspect);
    CHECK_FALSE(p.battery_temperatures[2].zero_is_suspect);
    CHECK(p.battery_temperatures[3].zero_is_suspect);
    CHECK_FALSE(p.battery_temperatures[4].zero_is_suspect);
    CHECK(p.sensors[0].stale_after == 600s);
    CHECK(p.sensors[1].stale_after == 90s);

    std::string slow = wired;
    slow.replace(slow.find("poll_s: 2"), 9, "poll_s: 300");
    CHECK_MESSAGE(build_policy(config_of(slow), default_settings(), 1).battery_temperatures[0].stale_after == 900s,
                  "three polls");
}

TEST_CASE("shares a battery sensor that a zone names") {
    Settings settings = default_settings();
    settings.zones[0].sensor_id = "cells";
    settings.zones[1].sensor_id = "box";
    const Policy p = build_policy(config_of(wired), settings, 1);
    CHECK(names_of(p.sensors) == Names{"heat-room", "main-room", "cells", "box", "attic"});
    CHECK(p.zones[0].sensor == 2);
    CHECK(p.zones[1].sensor == 3);
    CHECK(p.battery_temperatures.size() == 5);
}

TEST_CASE("gives polled sources an index for power, voltages and temperatures") {
    const Policy p = build_policy(config_of(wired), default_settings(), 1);
    const auto name = [&](Index index) { return index == no_index ? "" : p.polled.at(static_cast<std::size_t>(index)).name; };
    REQUIRE(p.power.pv.size() == 1);
    CHECK(name(p.power.pv[0]) == "sol_ark");
    CHECK(name(p.power.bms) == "victron.battery");
    CHECK(p.power.battery.empty());
    for (const VoltageSource& source : p.voltage_sources) CHECK(name(source.polled) == source.name);
    for (const PolledSource& source : p.polled)
        CHECK(source.needs_voltage == (source.name == "victron.battery" || source.name == "sol_ark"));
    for (const TemperatureSource& source : p.battery_temperatures)
        if (source.polled != no_index) CHECK(name(source.polled).ends_with(source.name));
    for (const TemperatureSource& source : p.sensors)
        CHECK((source.polled == no_index) == (source.name == "heat-room" || source.name == "main-room"));
}

TEST_CASE("dates power by the slowest power source") {
    CHECK(build_policy(config_of(wired), default_settings(), 1).power_poll == 5s);
    const std::string gx = "power_sources: {pv: [victron.system], load: [victron.system], grid: []}\n";
    CHECK(build_policy(config_of(wired + gx), default_settings(), 1).power_poll == 2s);
    const std::string none = "power_sources: {pv: [], load: [], grid: []}\n";
    CHECK(build_policy(config_of(wired + none), default_settings(), 1).power_poll == 5s);
}

TEST_CASE("maps an unknown name to no index and keeps the rest") {
    Settings settings = default_settings();
    settings.miners[0].output_id = "gone";
    settings.miners[0].zone_id = "";
    settings.miners[1].zone_id = "gone";
    settings.zones[0].sensor_id = "";
    settings.zones[0].fan_id = "gone";
    // Old indexes of an earlier build must not remain in the row.
    settings.miners[0].output = settings.miners[0].zone = 5;
    settings.zones[0].fan = settings.zones[0].sensor = 5;
    const Policy p = build_policy(config_of(wired), settings, 1);
    CHECK(p.miners[0].output == no_index);
    CHECK(p.miners[0].zone == no_index);
    CHECK(p.miners[1].zone == no_index);
    CHECK(p.zones[0].sensor == no_index);
    CHECK(p.zones[0].fan == no_index);
    CHECK(p.miners[0].output_id == "gone");
    CHECK(p.miners[1].output == 1);
}

TEST_CASE("assigns a shared output only to the enabled row") {
    Settings settings = default_settings();
    settings.miners[0].enabled = false;
    settings.miners[0].output_id = "dump-load-s19-1";
    settings.zones[0].heater_id = "dump-load-s19-1";
    const Policy p = build_policy(config_of(wired), settings, 1);
    REQUIRE(p.miners.size() == 2);
    CHECK_FALSE(p.miners[0].enabled);
    CHECK(p.miners[0].output == no_index);
    CHECK(p.miners[1].output == 1);
    CHECK(p.zones[0].heater == no_index);
    settings.miners[1].enabled = false;
    settings.zones[0].heater_id = "heat-room-heater";
    CHECK(build_policy(config_of(wired), settings, 1).miners[0].output == 1);
}

TEST_CASE("rejects the charge output, and outputs that are safe on, for loads") {
    const Policy p = build_policy(config_of(wired + "charge_output: primary-s21\n"), default_settings(), 1);
    CHECK(p.charge_output == 0);
    CHECK(p.outputs[0].safe_state == SafeState::on);
    CHECK(p.outputs[0].lease == 0s);
    CHECK(p.miners[0].output == no_index);
    std::string on = wired;
    on.replace(on.find("topic: m2"), 9, "topic: m2, safe_state: on, lease_s: 0");
    CHECK(build_policy(config_of(on), default_settings(), 1).miners[1].output == no_index);
}

TEST_CASE("builds a site with one device") {
    const Policy gx = build_policy(config_of("site: s\nmqtt: {url: mqtt://b}\nvictron: {host: h, charge_limit: write}\n"), {}, 1);
    CHECK(gx.charge_means == ChargeMeans::write);
    CHECK_FALSE(gx.has_sol_ark);
    CHECK(gx.battery_temperatures.empty());
    CHECK(gx.power_poll == 1s);
    CHECK_FALSE(gx.weather_configured);
    const Policy ark = build_policy(config_of("site: s\nmqtt: {url: mqtt://b}\nsol_ark: {host: h}\n"), {}, 1);
    CHECK_FALSE(ark.has_gx);
    CHECK(names_of(ark.battery_temperatures) == Names{"sol_ark"});
}
