#include "daemon/agent/proposals/never.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "drivers/store/settings/fields.hpp"

namespace volt::agent {

namespace {

struct NeverRow {
    std::string_view table, field;
    const char* why;
};
constexpr const char *protects = "it protects the battery or the inverter", *calibrates = "it describes the battery",
                     *wires = "it is wiring", *guards = "it protects the battery from charging while cold",
                     *is_private = "it is private";

constexpr NeverRow never_rows[] = {{"user_preferences", "voltage_shutdown", protects},
                                   {"user_preferences", "voltage_critical_low", protects},
                                   {"user_preferences", "battery_absolute_max", protects},
                                   {"user_preferences", "max_battery_discharge_w", protects},
                                   {"user_preferences", "inverter_max_w", protects},
                                   {"user_preferences", "internal_resistance_mohm", calibrates},
                                   {"user_preferences", "voltage_curve", calibrates},
                                   {"user_preferences", "voltage_at_0_percent", calibrates},
                                   {"user_preferences", "voltage_at_100_percent", calibrates},
                                   {"user_preferences", "bank_wh", calibrates},
                                   {"user_preferences", "latitude", is_private},
                                   {"user_preferences", "longitude", is_private},
                                   {"miner_profiles", "emergency_stop_voltage", protects},
                                   {"miner_profiles", "device_id", wires},
                                   {"miner_profiles", "control_method", wires},
                                   {"miner_profiles", "hvac_zone_id", wires},
                                   {"miner_profiles", "power_draw_w", wires},
                                   {"hvac_zones", "exhaust_fan_device_id", wires},
                                   {"hvac_zones", "heater_device_id", wires},
                                   {"hvac_zones", "sensor_id", wires},
                                   {"hvac_zones", "heater_power_w", wires},
                                   {"hvac_zones", "block_charging_enabled", guards},
                                   {"hvac_zones", "block_charging_below_c", guards}};

std::string by_owner(const std::string& what, const std::string& why) {
    return what + ": a tool never changes this: " + why + "; only the owner can, with voltctl";
}

/// Returns the unit of a column, or an empty string if it has none or there is no such column.
std::string unit_of(const std::string& table, const std::string& field) {
    for (const SettingsTable known : settings_tables)
        if (table == sql_name(known) && field_index(known, field) >= 0) return field_at(known, field).unit;
    return {};
}

/// Rejects a step from `before` to `after` that is larger than `most`.
std::string step_refusal(const std::string& field, double before, double after, double most, const char* unit,
                         const std::string& rule) {
    constexpr double rounding = 1e-6;
    if (std::abs(after - before) <= most + rounding) return {};
    const double steps = std::floor(most * 100 + rounding) / 100, nearest = after > before ? before + steps : before - steps;
    return fmt::format("{}: a tool may change it by at most {:.2f} {} at once ({}); nearest allowed: {:.2f}", field, steps, unit,
                       rule, nearest);
}

std::string number_refusal(const std::string& table, const std::string& field, double before, double after, double full_v) {
    const std::string unit = unit_of(table, field);
    if (field == "min_off_s" && after < before)
        return fmt::format("min_off_s: a tool may not shorten the rest; nearest allowed: {:.0f}", before);
    if (field == "max_starts_per_hour" && after > before)
        return fmt::format("max_starts_per_hour: a tool may not allow more starts; nearest allowed: {:.0f}", before);
    if (unit == "V")
        return step_refusal(field, before, after, full_v * most_voltage_share, "V",
                            fmt::format("{:.0f} % of voltage_at_100_percent", most_voltage_share * 100));
    return unit == "°C" ? step_refusal(field, before, after, most_kelvin, "K", "its limit") : "";
}

std::string value_refusal_of(const std::string& table, const std::string& field, const Json& before, const Json& after,
                             double full_v) {
    if (std::string wrong = never_field(table, field); !wrong.empty()) return wrong;
    if (field == "reserve_voltage" && after.is_null()) return by_owner("reserve_voltage is removed", protects);
    if (table == "hvac_zones" && field == "enabled" && after == false) return by_owner("a zone is disabled", guards);
    if (!before.is_number() || !after.is_number()) return {};
    return number_refusal(table, field, before.get<double>(), after.get<double>(), full_v);
}

}  // namespace

std::string never_field(const std::string& table, const std::string& field) {
    const auto is = [&](const NeverRow& it) { return it.table == table && it.field == field; };
    const auto* const found = std::find_if(std::begin(never_rows), std::end(never_rows), is);
    if (found != std::end(never_rows)) return by_owner(field, found->why);
    for (const SettingsTable known : settings_tables)
        if (table == sql_name(known) && field_index(known, field) >= 0 && field_at(known, field).fixed)
            return by_owner(field, "voltd sets it itself");
    return {};
}

std::string never_changes(const Json& changes, double full_v) {
    for (const Json& change : changes) {
        const std::string table = change.value("table", "");
        if (change.value("what", "") != "changed") return by_owner("a row is added or removed", "it is the owner's site");
        const Json fields = change.value("fields", Json::object());
        for (const auto& [field, values] : fields.items()) {
            const Json before = values.value("before", Json()), after = values.value("after", Json());
            if (std::string wrong = value_refusal_of(table, field, before, after, full_v); !wrong.empty()) return wrong;
        }
    }
    return {};
}

}  // namespace volt::agent
