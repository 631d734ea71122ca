// Tests that everything no tool may change is rejected, from a trial's answer in voltd's format.
#include "daemon/agent/proposals/never.hpp"

#include <doctest/doctest.h>

#include "drivers/store/settings/fields.hpp"

using namespace volt::agent;

namespace never_test {

namespace {

Json change(const std::string& table, const std::string& field, const Json& before, const Json& after,
            const std::string& what = "changed") {
    return Json::array(
        {Json{{"table", table}, {"row", "x"}, {"what", what}, {"fields", {{field, {{"before", before}, {"after", after}}}}}}});
}

std::string refused(const std::string& table, const std::string& field, const Json& before, const Json& after) {
    return never_changes(change(table, field, before, after), 56.0);
}

constexpr const char *preferences = "user_preferences", *miners = "miner_profiles", *zones = "hvac_zones";

}  // namespace

TEST_CASE("rejects protection, wiring, guards and private fields") {
    const std::pair<const char*, std::vector<const char*>> never[] = {
        {preferences,
         {"voltage_shutdown", "voltage_critical_low", "battery_absolute_max", "max_battery_discharge_w", "inverter_max_w",
          "internal_resistance_mohm", "voltage_curve", "voltage_at_0_percent", "voltage_at_100_percent", "bank_wh", "latitude",
          "longitude", "user_id", "id"}},
        {miners,
         {"emergency_stop_voltage", "device_id", "control_method", "hvac_zone_id", "power_draw_w", "slug", "user_id", "id"}},
        {zones,
         {"exhaust_fan_device_id", "heater_device_id", "sensor_id", "heater_power_w", "block_charging_enabled",
          "block_charging_below_c", "slug", "user_id", "id"}}};
    for (const auto& [table, fields] : never)
        for (const char* field : fields) {
            CAPTURE(field);
            bool known = false;
            for (const volt::SettingsTable it : volt::settings_tables)
                known = known || (table == std::string(volt::sql_name(it)) && volt::field_index(it, field) >= 0);
            CHECK(known);
            CHECK(never_field(table, field).find("never changes this") != std::string::npos);
            CHECK(refused(table, field, 1, 1) != "");
            CHECK(refused(table, field, "a", nullptr) != "");
        }
    CHECK(never_field(miners, "start_voltage") == "");
    CHECK(never_field(zones, "temp_too_hot") == "");
    CHECK(never_field(preferences, "voltage_low") == "");
}

TEST_CASE("rejects added and removed rows") {
    CHECK(never_changes(change(miners, "start_voltage", nullptr, 54, "added"), 56).starts_with("a row is added or removed"));
    CHECK(never_changes(change(miners, "start_voltage", 54, nullptr, "removed"), 56).starts_with("a row is added or removed"));
    CHECK(never_changes(Json::array(), 56) == "");
}

TEST_CASE("limits voltage to 2 % and temperature to 5 K") {
    CHECK(refused(miners, "start_voltage", 54.0, 55.12) == "");
    CHECK(refused(miners, "start_voltage", 54.0, 52.88) == "");
    CHECK(refused(miners, "start_voltage", 54.0, 55.13) ==
          "start_voltage: a tool may change it by at most 1.12 V at once (2 % of voltage_at_100_percent); nearest allowed: "
          "55.12");
    CHECK(refused(miners, "stop_voltage", 50.0, 45.0).ends_with("nearest allowed: 48.88"));
    CHECK(refused(preferences, "voltage_low", 47.0, 49.0) != "");
    CHECK(refused(zones, "temp_too_hot", 40.0, 45.0) == "");
    CHECK(refused(zones, "temp_too_hot", 40.0, 45.1).ends_with("nearest allowed: 45.00"));
    CHECK(refused(zones, "temp_too_cold", 0.0, -5.1) != "");
    CHECK(never_changes(change(miners, "start_voltage", 54.0, 54.01), 0) != "");
}

TEST_CASE("rejects shorter rests, more starts and disabled zones") {
    CHECK(refused(miners, "min_off_s", 300, 299).ends_with("nearest allowed: 300"));
    CHECK(refused(miners, "min_off_s", 300, 900) == "");
    CHECK(refused(miners, "max_starts_per_hour", 3, 4).ends_with("nearest allowed: 3"));
    CHECK(refused(miners, "max_starts_per_hour", 3, 1) == "");
    CHECK(refused(preferences, "reserve_voltage", 49.0, nullptr) != "");
    CHECK(refused(preferences, "reserve_voltage", nullptr, 49.0) == "");
    CHECK(refused(zones, "enabled", true, false) != "");
    CHECK(refused(zones, "enabled", false, true) == "");
    CHECK(refused(miners, "enabled", true, false) == "");
}

TEST_CASE("rejects the whole change for one excessive field") {
    Json changes = change(miners, "start_voltage", 54.0, 54.5);
    changes.push_back(change(zones, "sensor_id", "a", "b").front());
    CHECK(never_changes(changes, 56).starts_with("sensor_id: "));
}

}  // namespace never_test
