#include "drivers/store/settings/fields.hpp"

#include "drivers/store/settings/decimal.hpp"

namespace volt {

namespace {

SettingsField fixed(const char* name) { return {.name = name, .kind = FieldKind::text, .bounds = {1, 64}, .fixed = true}; }
SettingsField volts(const char* name, bool required = false) {
    return {.name = name, .kind = FieldKind::number, .bounds = battery_volts, .unit = "V", .required = required};
}
SettingsField celsius(const char* name) {
    return {.name = name, .kind = FieldKind::number, .bounds = {-600, 1000, 1}, .unit = "°C"};
}
SettingsField number(const char* name, std::int64_t low, std::int64_t high, const char* unit) {
    return {.name = name, .kind = FieldKind::number, .bounds = {low, high}, .unit = unit};
}
SettingsField hours(const char* name) {
    return {.name = name, .kind = FieldKind::number, .bounds = {1, 24000, 3}, .unit = "h", .nullable = true};
}
SettingsField real(const char* name, std::int64_t low, std::int64_t high, const char* unit) {
    return {.name = name, .kind = FieldKind::real, .bounds = {low, high}, .unit = unit};
}
SettingsField flag(const char* name) { return {.name = name, .kind = FieldKind::flag}; }
SettingsField text(const char* name, std::int64_t least, std::int64_t most) {
    return {.name = name, .kind = FieldKind::text, .bounds = {least, most}};
}
SettingsField word(const char* name, std::vector<std::string> words) {
    return {.name = name, .kind = FieldKind::word, .words = std::move(words)};
}
SettingsField clock(const char* name) { return {.name = name, .kind = FieldKind::clock}; }
SettingsField nullable(SettingsField field) {
    field.nullable = true;
    return field;
}
SettingsField required(SettingsField field) {
    field.required = true;
    return field;
}

// The tables are never destroyed: a store thread that hangs in the card may outlive main().
const std::vector<SettingsField>& preference_fields() {
    static const auto& fields = *new std::vector<SettingsField>{
        fixed("id"),
        fixed("user_id"),
        volts("voltage_at_0_percent"),
        volts("voltage_at_100_percent"),
        {.name = "voltage_curve", .kind = FieldKind::curve, .unit = "V:%"},
        volts("voltage_shutdown"),
        volts("voltage_critical_low"),
        volts("voltage_low"),
        volts("voltage_restart"),
        volts("voltage_optimal_min"),
        volts("voltage_optimal_max"),
        volts("voltage_float"),
        volts("voltage_absorption"),
        volts("voltage_full"),
        volts("battery_absolute_max"),
        number("max_battery_discharge_w", 0, 100000, "W"),
        number("inverter_max_w", 500, 200000, "W"),
        number("internal_resistance_mohm", 0, 200, "mOhm"),
        nullable(volts("reserve_voltage")),
        word("display_mode", {"voltage", "soc"}),
        word("temperature_unit", {"C", "F"}),
        text("timezone", 1, 64),
        real("latitude", -90, 90, "°"),
        real("longitude", -180, 180, "°"),
        word("operating_mode", {"aggressive", "balanced", "conservative", "off"}),
        fixed("created_at"),
        fixed("updated_at"),
        nullable(number("bank_wh", 500, 1000000, "Wh")),
        number("budget_floor_percent", 0, 60, "%"),
        number("bridge_wh", 0, 20000, "Wh"),
    };
    return fields;
}

const std::vector<SettingsField>& zone_fields() {
    static const std::vector<std::string> heat = {"miner", "heater", "none"};
    static const auto& fields = *new std::vector<SettingsField>{
        fixed("id"),
        fixed("user_id"),
        required(text("zone_name", 1, 64)),
        fixed("slug"),
        text("zone_type", 1, 32),
        celsius("temp_too_hot"),
        celsius("temp_hot_ok"),
        celsius("temp_too_cold"),
        celsius("temp_cold_ok"),
        flag("exhaust_fan_enabled"),
        nullable(text("exhaust_fan_device_id", 1, 64)),
        word("fan_speed_mode", {"auto", "fixed"}),
        number("fan_max_level", 1, 255, ""),
        flag("heating_enabled"),
        word("heating_priority_1", heat),
        word("heating_priority_2", heat),
        nullable(text("heater_device_id", 1, 64)),
        number("heater_power_w", 1, 20000, "W"),
        number("minimum_solar_for_heating_w", 0, 200000, "W"),
        flag("block_charging_enabled"),
        celsius("block_charging_below_c"),
        nullable(text("sensor_id", 1, 64)),
        flag("enabled"),
        fixed("created_at"),
        fixed("updated_at"),
    };
    return fields;
}

const std::vector<SettingsField>& miner_fields() {
    static const auto& fields = *new std::vector<SettingsField>{
        fixed("id"),
        fixed("user_id"),
        required(text("name", 1, 64)),
        fixed("slug"),
        text("model", 0, 64),
        nullable(real("hashrate_ths", 0, 100000, "TH/s")),
        required(number("power_draw_w", 1, 20000, "W")),
        number("priority_level", 1, 10, ""),
        volts("start_voltage", true),
        volts("stop_voltage", true),
        volts("emergency_stop_voltage", true),
        flag("require_excess_solar"),
        number("minimum_excess_w", 0, 200000, "W"),
        nullable(number("minimum_solar_w", 0, 200000, "W")),
        flag("require_sunny"),
        clock("preferred_start"),
        clock("preferred_end"),
        flag("allow_outside_schedule"),
        number("min_on_s", 0, 86400, "s"),
        number("min_off_s", 0, 86400, "s"),
        number("max_starts_per_hour", 1, 60, ""),
        hours("max_runtime_h_day"),
        hours("max_continuous_h"),
        word("operating_mode", {"aggressive", "balanced", "opportunistic"}),
        word("control_method", {"relay"}),
        nullable(text("device_id", 1, 64)),
        {.name = "hvac_zone_id", .kind = FieldKind::zone, .nullable = true},
        flag("enabled"),
        fixed("created_at"),
        fixed("updated_at"),
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

int field_index(SettingsTable table, const std::string& name) {
    const std::vector<SettingsField>& fields = fields_of(table);
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (name == fields[i].name) return static_cast<int>(i);
    return -1;
}

const char* sql_name(SettingsTable table) {
    switch (table) {
        case SettingsTable::preferences: return "user_preferences";
        case SettingsTable::zones: return "hvac_zones";
        case SettingsTable::miners: return "miner_profiles";
    }
    return "?";
}

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
