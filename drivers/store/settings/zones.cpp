#include "drivers/store/settings/tables.hpp"

namespace volt {

namespace {

constexpr Bounds degrees{-600, 1000, 1};

Zone read_zone(SettingsRow& row) {
    Zone z;
    const auto celsius = [&](const char* name, Celsius& value) { value.steps = row.steps(name, degrees, value.steps); };
    const std::vector<std::pair<const char*, HeatSource>> heat = {
        {"miner", HeatSource::miner}, {"heater", HeatSource::heater}, {"none", HeatSource::none}};
    z.id = row.text("id", 1);
    z.name = row.text("zone_name", 1);
    z.slug = row.text("slug", 1);
    celsius("temp_too_hot", z.too_hot);
    celsius("temp_hot_ok", z.hot_ok);
    celsius("temp_too_cold", z.too_cold);
    celsius("temp_cold_ok", z.cold_ok);
    z.fan_enabled = row.flag("exhaust_fan_enabled", true);
    z.fan_id = row.text("exhaust_fan_device_id", 0);
    z.fan_mode =
        row.word<FanMode>("fan_speed_mode", {{"auto", FanMode::automatic}, {"fixed", FanMode::fixed}}, FanMode::automatic);
    z.fan_max_level = static_cast<std::int32_t>(row.steps("fan_max_level", {1, 255}, 10));
    z.heating_enabled = row.flag("heating_enabled", false);
    z.heat_first = row.word<HeatSource>("heating_priority_1", heat, HeatSource::none);
    z.heat_second = row.word<HeatSource>("heating_priority_2", heat, HeatSource::none);
    z.heater_id = row.text("heater_device_id", 0);
    z.heater_power.steps = row.steps("heater_power_w", {1, 20000}, 1500);
    z.minimum_solar_for_heating.steps = row.steps("minimum_solar_for_heating_w", solar_watts, 200000);
    z.block_charging_enabled = row.flag("block_charging_enabled", true);
    celsius("block_charging_below_c", z.block_charging_below);
    z.sensor_id = row.text("sensor_id", 0);
    z.enabled = row.flag("enabled", true);
    if (row.problems().empty()) row.add(check(z));
    return z;
}

}  // namespace

void add_zone(const Statement& found, const Settings& previous, Settings& into) {
    SettingsRow row(found);
    Zone zone = read_zone(row);
    if (!row.problems().empty()) {
        const Zone* last = find_by_id(previous.zones, zone.id);
        const std::string name = "hvac_zones " + (zone.slug.empty() ? row.raw("id") : zone.slug);
        tell(into, name, row.problems(),
             last != nullptr ? "using the last good row, or the default one" : "using default values");
        if (last != nullptr) zone = *last;
        const Zone defaults;
        if (!check(zone).empty())
            zone.too_hot = defaults.too_hot, zone.hot_ok = defaults.hot_ok, zone.too_cold = defaults.too_cold,
            zone.cold_ok = defaults.cold_ok;
    }
    into.zones.push_back(std::move(zone));
}

}  // namespace volt
