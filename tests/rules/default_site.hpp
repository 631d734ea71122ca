// The default site of the data model as a Policy, for tests, scenarios and benchmarks.
#pragma once

#include <string>

#include "rules/policy.hpp"

namespace volt::test {

/// Indexes of the default site's outputs, miners and zones in their lists.
namespace site {
inline constexpr Index s21_relay = 0, s19_relay = 1, heat_fan = 2, main_fan = 3, heat_heater = 4, main_heater = 5;
inline constexpr std::size_t s21 = 0, s19 = 1, heat_room_heater = 2, main_room_heater = 3;
inline constexpr std::size_t heat_room = 0, main_room = 1;
}  // namespace site

inline Miner s21_profile() {
    Miner miner;
    miner.id = "s21";
    miner.name = "Primary S21+ (Revenue)";
    miner.slug = "primary-s21-revenue";
    miner.power = 3878_W;
    miner.priority_level = 1;
    miner.start = 5000_cV;
    miner.stop = 4700_cV;
    miner.emergency = 4500_cV;
    miner.preferred_start_s = 18 * 3600;
    miner.preferred_end_s = 10 * 3600;
    miner.operating_mode = OperatingMode::aggressive;
    miner.output = site::s21_relay;
    miner.output_id = "primary-s21";
    miner.zone = 0;
    return miner;
}

inline Miner s19_profile() {
    Miner miner;
    miner.id = "s19";
    miner.name = "Dump Load S19 #1";
    miner.slug = "dump-load-s19-1";
    miner.power = 3250_W;
    miner.priority_level = 3;
    miner.start = 5450_cV;
    miner.stop = 5300_cV;
    miner.emergency = 5000_cV;
    miner.require_excess_solar = true;
    miner.minimum_excess = 3500_W;
    miner.minimum_solar = 8000_W;
    miner.require_sunny = true;
    miner.preferred_start_s = 10 * 3600;
    miner.preferred_end_s = 16 * 3600;
    miner.allow_outside_schedule = false;
    miner.operating_mode = OperatingMode::opportunistic;
    miner.output = site::s19_relay;
    miner.output_id = "dump-load-s19-1";
    miner.zone = 0;
    return miner;
}

inline Zone heat_room_profile() {
    Zone zone;
    zone.id = "heat-room";
    zone.name = "Heat Room";
    zone.slug = "heat-room";
    zone.fan_enabled = true;
    zone.fan = site::heat_fan;
    zone.heating_enabled = true;
    zone.heat_first = HeatSource::miner;
    zone.heat_second = HeatSource::heater;
    zone.heater = site::heat_heater;
    zone.minimum_solar_for_heating = 4000_W;
    zone.block_charging_enabled = true;
    zone.sensor = 0;
    return zone;
}

inline Zone main_room_profile() {
    Zone zone;
    zone.id = "main-room";
    zone.name = "Main Room";
    zone.slug = "main-room";
    zone.too_hot = 350_dK;
    zone.hot_ok = 300_dK;
    zone.too_cold = -50_dK;
    zone.cold_ok = 0_dK;
    zone.fan_enabled = true;
    zone.fan = site::main_fan;
    zone.fan_max_level = 8;
    zone.heating_enabled = true;
    zone.heat_first = HeatSource::heater;
    zone.heater = site::main_heater;
    zone.minimum_solar_for_heating = 2000_W;
    zone.sensor = 1;
    return zone;
}

inline OutputWiring relay(const std::string& id, bool meter) {
    OutputWiring wiring;
    wiring.id = id;
    wiring.meter = meter;
    return wiring;
}

inline OutputWiring fan(const std::string& id) {
    OutputWiring wiring;
    wiring.id = id;
    wiring.kind = OutputKind::level;
    wiring.lease = 0s;
    wiring.safe_state = SafeState::automatic;
    return wiring;
}

inline Policy default_site() {
    Policy policy;
    policy.revision = 1;
    policy.miners = {s21_profile(), s19_profile()};
    policy.zones = {heat_room_profile(), main_room_profile()};
    policy.outputs = {relay("primary-s21", true), relay("dump-load-s19-1", true),   fan("ac-infinity-1"),
                      fan("ac-infinity-2"),       relay("heat-room-heater", false), relay("main-room-heater", false)};
    policy.voltage_sources = {{"victron.battery", 0, 1s, 1_cV}, {"sol_ark", 1, 5s, 1_cV}};
    policy.battery_temperatures = {{"victron.battery", 600s, true}};
    policy.sensors = {{"heat-room", 600s, false}, {"main-room", 600s, false}};
    policy.weather_configured = true;
    policy.has_gx = policy.has_sol_ark = true;
    return policy;
}

/// Returns the default site with a second S21+ of level 2 instead of the S19.
inline Policy two_miners() {
    Policy policy = default_site();
    Miner& second = policy.miners[1];
    second = s21_profile();
    second.id = second.slug = "second";
    second.output = site::s19_relay;
    second.priority_level = 2;
    return policy;
}

}  // namespace volt::test
