#include "drivers/store/settings/fields.hpp"

#include "drivers/decimal.hpp"
#include "drivers/store/schema/settings_tables.hpp"
#include "drivers/store/settings/rules.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

/// Completes a field. Without a default, a new row requires the column; the default `null` makes it optional.
SettingsField made(SettingsField field) {
    field.required = field.fallback == nullptr;
    if (field.required) field.fallback = "";
    field.nullable = field.fallback == std::string_view("null");
    return field;
}
SettingsField fixed(const char* name, SettingsMember member, const char* about) {
    return {.name = name, .kind = FieldKind::text, .bounds = {1, 64}, .member = member, .about = about, .fixed = true};
}
SettingsField number(const char* name, Bounds bounds, const char* unit, SettingsMember member, const char* fallback,
                     const char* about) {
    return made({name, FieldKind::number, bounds, unit, member, fallback, about});
}
SettingsField volts(const char* name, SettingsMember member, const char* fallback, const char* about) {
    return number(name, battery_volts, "V", member, fallback, about);
}
SettingsField celsius(const char* name, SettingsMember member, const char* fallback, const char* about) {
    return number(name, {-600, 1000, 1}, "°C", member, fallback, about);
}
SettingsField hours(const char* name, SettingsMember member, const char* about) {
    return number(name, {1, 24000, 3}, "h", member, "null", about);
}
SettingsField real(const char* name, Bounds bounds, const char* unit, SettingsMember member, const char* fallback,
                   const char* about) {
    return made({name, FieldKind::real, bounds, unit, member, fallback, about});
}
SettingsField flag(const char* name, SettingsMember member, const char* fallback, const char* about) {
    return made({name, FieldKind::flag, {0, 1}, "", member, fallback, about});
}
SettingsField text(const char* name, Bounds characters, SettingsMember member, const char* fallback, const char* about) {
    return made({name, FieldKind::text, characters, "", member, fallback, about});
}
SettingsField device(const char* name, SettingsMember member, const char* about) {
    return text(name, {1, 64}, member, "null", about);
}
template <class Enum>
std::vector<std::string> names() {
    const auto all = names_of<Enum>();
    return {all.begin(), all.end()};
}

SettingsField word(const char* name, std::vector<std::string> words, SettingsMember member, const char* fallback,
                   const char* about) {
    return made({name, FieldKind::word, {0, 0}, "", member, fallback, about, std::move(words)});
}
SettingsField other(const char* name, FieldKind kind, const char* unit, SettingsMember member, const char* fallback,
                    const char* about) {
    return made({name, kind, {0, 0}, unit, member, fallback, about});
}

constexpr const char* id_about = "The row's id, a UUID.";
constexpr const char* user_about = "User that owns the row.";
constexpr const char* slug_about = "Short name in topics, paths and commands, made from the name.";
constexpr const char* created_about = "When the row was added, UTC.";
constexpr const char* updated_about = "When the row was last changed, UTC.";

// The tables are never destroyed: a store thread that hangs on the card may outlive main().
const std::vector<SettingsField>& preference_fields() {
    using P = Preferences;
    static const auto& bridge_about =
        *new std::string("Energy that a full battery may supply during a cloud before a load stops, at most " +
                         std::to_string(most_bridge_percent) + " % of bank_wh; 0: nothing.");
    static const auto& fields = *new std::vector<SettingsField>{
        fixed("id", {}, id_about),
        fixed("user_id", {}, user_about),
        volts("voltage_at_0_percent", {}, "45.0", "Voltage of an empty battery: the first point of voltage_curve."),
        volts("voltage_at_100_percent", {}, "56.0", "Voltage of a full battery: the last point of voltage_curve."),
        other("voltage_curve", FieldKind::curve, "V:%", {}, "45.0:0,47.0:15,50.0:40,51.5:60,54.5:80,56.0:100",
              "State of charge by battery voltage, interpolated between the points; it must match this battery."),
        volts("voltage_shutdown", &P::shutdown, "44.0", "At or below it every load and fan goes to its safe state at once."),
        volts("voltage_critical_low", &P::critical_low, "45.0",
              "At or below it every load switches off at once; fans follow the rule of their zone."),
        volts("voltage_low", &P::low, "47.0", "Below it no load starts."),
        volts("voltage_restart", &P::restart, "50.0",
              "After a shutdown or critical voltage, loads start again once the voltage has stayed at or above it."),
        volts("voltage_optimal_min", &P::optimal_min, "50.0", "Start of the stage optimal; it switches nothing."),
        volts("voltage_optimal_max", &P::optimal_max, "54.5",
              "Start of the stage high; in site mode conservative, loads use battery power only at or above it."),
        volts("voltage_float", &P::float_v, "55.0",
              "Float voltage of the charger; at or above it voltd checks whether the battery is full."),
        volts("voltage_absorption", &P::absorption, "57.6", "Absorption voltage of the charger; it switches nothing."),
        volts("voltage_full", &P::full, "58.0", "After an overvoltage, charging is allowed again at or below it."),
        volts("battery_absolute_max", &P::absolute_max, "60.0", "Above it voltd raises an alarm and blocks charging."),
        number("max_battery_discharge_w", {0, 100000}, "W", &P::max_battery_discharge, "5000",
               "Maximum power that all loads together may take from the battery; the modes set the share."),
        number("inverter_max_w", {500, 200000}, "W", &P::inverter_max, "12000", "Maximum power that the inverter can supply."),
        number("internal_resistance_mohm", {0, 200}, "mOhm", &P::internal_resistance_mohm, "10",
               "Predicts how far a load pulls the voltage down, until voltd has learned it."),
        volts("reserve_voltage", &P::reserve, "null",
              "Below it loads that run on the battery stop, to keep the rest for the house; null: no reserve."),
        word("display_mode", {"voltage", "soc"}, &Settings::display_mode, "voltage",
             "What status shows first: battery voltage or state of charge."),
        word("temperature_unit", {"C", "F"}, &Settings::temperature_unit, "C",
             "Unit of displayed temperatures; settings are always in °C."),
        text("timezone", {1, 64}, &Settings::timezone, "America/Los_Angeles",
             "Time zone of the site, used for schedules and days."),
        real("latitude", {-90, 90}, "°", &Settings::latitude, "37.3382", "Latitude of the site, north positive; display only."),
        real("longitude", {-180, 180}, "°", &Settings::longitude, "-121.8863",
             "Longitude of the site, east positive; display only."),
        word("operating_mode", names<SiteMode>(), {}, "balanced",
             "How much battery power loads may use besides solar: aggressive the most; conservative the least, and only above "
             "voltage_optimal_max; off: every load goes to its safe state."),
        fixed("created_at", {}, created_about),
        fixed("updated_at", {}, updated_about),
        number("bank_wh", {500, 1000000}, "Wh", &P::bank_wh, "null",
               "Capacity of the battery between empty and full on voltage_curve; null: no night budget."),
        number("budget_floor_percent", {0, 60}, "%", &P::budget_floor_percent, "15",
               "Share of bank_wh that the night budget never plans to use."),
        number("bridge_wh", {0, 20000}, "Wh", &P::bridge_wh, "500", bridge_about.c_str()),
    };
    return fields;
}

const std::vector<SettingsField>& zone_fields() {
    using Z = Zone;
    static const std::vector<std::string> heat = {"miner", "heater", "none"};
    static const auto& fields = *new std::vector<SettingsField>{
        fixed("id", &Z::id, id_about),
        fixed("user_id", {}, user_about),
        text("zone_name", {1, 64}, &Z::name, nullptr, "Name of the zone."),
        fixed("slug", &Z::slug, slug_about),
        text("zone_type", {1, 32}, {}, "equipment", "Kind of zone; display only."),
        celsius("temp_too_hot", &Z::too_hot, "40.0",
                "At or above it the fan runs; trip_margin_c above it the miners of the zone stop."),
        celsius("temp_hot_ok", &Z::hot_ok, "35.0", "At or below it the fan stops."),
        celsius("temp_too_cold", &Z::too_cold, "0.0", "At or below it the zone needs heat."),
        celsius("temp_cold_ok", &Z::cold_ok, "5.0", "At or above it heating ends."),
        flag("exhaust_fan_enabled", &Z::fan_enabled, "false", "Whether voltd controls the fan."),
        device("exhaust_fan_device_id", &Z::fan_id, "The fan: id of an output in voltd.yaml; null: none."),
        word("fan_speed_mode", {"auto", "fixed"}, &Z::fan_mode, "auto",
             "auto: the level follows the temperature; fixed: always fan_max_level."),
        number("fan_max_level", {1, 255}, "", &Z::fan_max_level, "10", "Highest level of the fan."),
        flag("heating_enabled", &Z::heating_enabled, "false", "Whether voltd heats the zone."),
        word("heating_priority_1", heat, &Z::heat_first, "none", "First heat source: a miner of the zone, or the heater."),
        word("heating_priority_2", heat, &Z::heat_second, "none", "Second heat source, if the first is not enough."),
        device("heater_device_id", &Z::heater_id, "The heater: id of an output in voltd.yaml; null: none."),
        number("heater_power_w", {1, 20000}, "W", &Z::heater_power, "1500", "Power that the heater draws."),
        number("minimum_solar_for_heating_w", {0, 200000}, "W", &Z::minimum_solar_for_heating, "0",
               "Minimum PV power for heating the zone."),
        flag("block_charging_enabled", &Z::block_charging_enabled, "false",
             "Whether charging stops below block_charging_below_c."),
        celsius("block_charging_below_c", &Z::block_charging_below, "0.0",
                "Below it charging is blocked: charging a freezing LiFePO4 battery damages it."),
        device("sensor_id", &Z::sensor_id, "Temperature sensor: id of a sensor or GX temperature in voltd.yaml; null: none."),
        flag("enabled", &Z::enabled, "true", "Whether voltd controls the zone."),
        fixed("created_at", {}, created_about),
        fixed("updated_at", {}, updated_about),
    };
    return fields;
}

const std::vector<SettingsField>& miner_fields() {
    using M = Miner;
    static const auto& fields = *new std::vector<SettingsField>{
        fixed("id", &M::id, id_about),
        fixed("user_id", {}, user_about),
        text("name", {1, 64}, &M::name, nullptr, "Name of the miner."),
        fixed("slug", &M::slug, slug_about),
        text("model", {0, 64}, {}, "", "Model of the miner; display only."),
        real("hashrate_ths", {0, 100000}, "TH/s", {}, "null", "Hash rate of the miner; display only."),
        number("power_draw_w", {1, 20000}, "W", &M::power, nullptr, "Power that the miner draws."),
        number("priority_level", {1, 10}, "", &M::priority_level, "1", "Order among the loads: 1 starts first and stops last."),
        volts("start_voltage", &M::start, nullptr, "The miner starts at or above it."),
        volts("stop_voltage", &M::stop, nullptr, "The miner stops when the voltage stays below it."),
        volts("emergency_stop_voltage", &M::emergency, nullptr, "At or below it the miner stops at once."),
        flag("require_excess_solar", &M::require_excess_solar, "false",
             "Whether the miner runs on excess solar power alone and takes nothing from the battery."),
        number("minimum_excess_w", {0, 200000}, "W", &M::minimum_excess, "0",
               "Excess solar power needed for a start if require_excess_solar is true."),
        number("minimum_solar_w", {0, 200000}, "W", &M::minimum_solar, "null", "PV power that the miner needs; null: none."),
        flag("require_sunny", &M::require_sunny, "false", "Whether the miner runs in sunny weather only."),
        other("preferred_start", FieldKind::clock, "", &M::preferred_start_s, "00:00",
              "Local time at which its preferred hours begin; equal to preferred_end: all day."),
        other("preferred_end", FieldKind::clock, "", &M::preferred_end_s, "00:00",
              "Local time at which its preferred hours end."),
        flag("allow_outside_schedule", &M::allow_outside_schedule, "true",
             "Whether the miner may also run outside its preferred hours."),
        number("min_on_s", {0, 86400}, "s", &M::min_on, "600", "Minimum run; stops that protect the battery do not wait for it."),
        number("min_off_s", {0, 86400}, "s", &M::min_off, "300", "Minimum rest between two runs."),
        number("max_starts_per_hour", {1, 60}, "", &M::max_starts_per_hour, "3", "Maximum starts per hour."),
        hours("max_runtime_h_day", &M::max_runtime_day, "Maximum run time per day; null: no limit."),
        hours("max_continuous_h", &M::max_continuous, "Maximum length of one run; null: no limit."),
        word(
            "operating_mode", names<OperatingMode>(), &M::operating_mode, "balanced",
            "Its share of max_battery_discharge_w: aggressive all, balanced half, opportunistic none; one step more in site mode "
            "aggressive, one step less in conservative."),
        word("control_method", {"relay"}, {}, "relay", "How the miner is switched."),
        device("device_id", &M::output_id, "The relay: id of an output in voltd.yaml; null: none."),
        other("hvac_zone_id", FieldKind::zone, "", &M::zone_id, "null", "The zone of the miner; null: none."),
        flag("enabled", &M::enabled, "true", "Whether the miner may run."),
        fixed("created_at", {}, created_about),
        fixed("updated_at", {}, updated_about),
    };
    return fields;
}

}  // namespace

const std::vector<SettingsField>& fields_of(SettingsTable table) {
    switch (table) {
        case SettingsTable::preferences: return preference_fields();
        case SettingsTable::zones: return zone_fields();
        case SettingsTable::miners: return miner_fields();
    }
    return preference_fields();
}

int field_index(SettingsTable table, std::string_view name) {
    const std::vector<SettingsField>& fields = fields_of(table);
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (name == fields[i].name) return static_cast<int>(i);
    return -1;
}

const SettingsField& field_at(SettingsTable table, std::string_view name) {
    return fields_of(table).at(static_cast<std::size_t>(field_index(table, name)));
}

const char* sql_name(SettingsTable table) { return settings_table_names[static_cast<std::size_t>(table)]; }

const char* noun_of(SettingsTable table) {
    switch (table) {
        case SettingsTable::preferences: return "preferences";
        case SettingsTable::zones: return "zone";
        case SettingsTable::miners: return "miner";
    }
    return "?";
}

const char* name_column(SettingsTable table) {
    switch (table) {
        case SettingsTable::preferences: return "";
        case SettingsTable::zones: return "zone_name";
        case SettingsTable::miners: return "name";
    }
    return "";
}

std::string need_of(Bounds bounds) {
    std::string need = decimal(bounds.low, bounds.decimals) + ".." + decimal(bounds.high, bounds.decimals);
    if (bounds.decimals > 0) need += " in steps of " + decimal(1, bounds.decimals);
    return need;
}

std::string need_of(const SettingsField& field) {
    switch (field.kind) {
        case FieldKind::number:
        case FieldKind::real: return need_of(field.bounds);
        case FieldKind::flag: return "0 or 1";
        case FieldKind::text:
            return std::to_string(field.bounds.low) + " to " + std::to_string(field.bounds.high) + " characters";
        case FieldKind::word: break;
        case FieldKind::clock: return "HH:MM, 00:00..23:59";
        case FieldKind::curve: return "2 to 32 points of voltage and soc, both rising";
        case FieldKind::zone: return "a zone";
    }
    std::string words;
    for (const std::string& word : field.words) words += (words.empty() ? "" : ", ") + word;
    return words;
}

}  // namespace volt
