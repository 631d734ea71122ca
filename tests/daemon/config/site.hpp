// Default rows as settings, and a file with all their outputs.
#pragma once

#include "drivers/store/settings/settings.hpp"
#include "tests/daemon/config/texts.hpp"

namespace volt::test {

inline Miner default_s21() {
    Miner m;
    m.id = "d0000000-0000-0000-0000-000000000001";
    m.slug = "primary-s21-revenue";
    m.name = "Primary S21+ (Revenue)";
    m.power = 3878_W;
    m.start = 5000_cV, m.stop = 4700_cV, m.emergency = 4500_cV;
    m.preferred_start_s = 18 * 3600, m.preferred_end_s = 10 * 3600;
    m.output_id = "primary-s21";
    m.zone_id = "c1";
    return m;
}

inline Miner default_s19() {
    Miner m;
    m.id = "d0000000-0000-0000-0000-000000000002";
    m.slug = "dump-load-s19-1";
    m.name = "Dump Load S19 #1";
    m.power = 3250_W;
    m.start = 5450_cV, m.stop = 5300_cV, m.emergency = 5000_cV;
    m.require_excess_solar = m.require_sunny = true;
    m.minimum_solar = 8000_W;
    m.preferred_start_s = 10 * 3600, m.preferred_end_s = 16 * 3600;
    m.allow_outside_schedule = false;
    m.output_id = "dump-load-s19-1";
    m.zone_id = "c1";
    return m;
}

inline Zone default_zone(const std::string& id, const std::string& name, const std::string& sensor, const std::string& fan,
                         const std::string& heater) {
    Zone z;
    z.id = id;
    z.name = name;
    z.slug = sensor;
    z.sensor_id = sensor;
    z.fan_enabled = true;
    z.fan_id = fan;
    z.fan_max_level = 8;
    z.heating_enabled = true;
    z.heat_first = HeatSource::heater;
    z.heater_id = heater;
    return z;
}

inline Settings default_settings() {
    Settings s;
    s.miners = {default_s21(), default_s19()};
    s.zones = {default_zone("c1", "Heat Room", "heat-room", "ac-infinity-1", "heat-room-heater"),
               default_zone("c2", "Main Room", "main-room", "ac-infinity-2", "main-room-heater")};
    return s;
}

/// File that causes no findings with default_settings().
inline const std::string wired =
    "site: shack\n"
    "database: /d.db\n"
    "victron: {host: h, poll_s: 2, units: {battery: 225, vebus: 227},\n"
    "  temperatures: [{id: box, unit: 24, role: battery}, {id: attic, unit: 25}]}\n"
    "sol_ark: {host: i, poll_s: 5}\n"
    "mqtt: {url: mqtt://b}\n"
    "outputs:\n"
    "  - {id: primary-s21, topic: m1, meter: true}\n"
    "  - {id: dump-load-s19-1, topic: m2}\n"
    "  - {id: heat-room-heater, topic: h, channel: 1}\n"
    "  - {id: main-room-heater, topic: h, channel: 2}\n"
    "  - {id: ac-infinity-1, kind: level, dialect: generic, command_topic: f1, state_topic: s1}\n"
    "  - {id: ac-infinity-2, kind: level, dialect: generic, command_topic: f2, state_topic: s2, max_level: 8}\n"
    "sensors: [{id: heat-room, topic: t1}, {id: main-room, topic: t2, stale_after_s: 90},\n"
    "  {id: cells, topic: t3, role: battery}]\n"
    "weather: {topic: w, stale_after_s: 7200}\n";

}  // namespace volt::test
