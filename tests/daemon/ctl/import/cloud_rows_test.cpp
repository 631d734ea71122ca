// Tests of JSON of the former cloud's API as fields of the settings.
#include "daemon/ctl/import/cloud_rows.hpp"

#include <doctest/doctest.h>

#include "drivers/store/settings/value.hpp"

using namespace volt;
using namespace volt::ctl;
using namespace volt::ctl::cloud;

namespace cloud_rows_test {

namespace {

CloudRows rows_of(const std::string& text) {
    CloudRows rows;
    add_cloud_rows(text, "f.json", rows);
    name_zones(rows);
    return rows;
}

/// Returns `field=value` as the editor would show it, or an empty string if there is no such field.
std::string shown_of(const std::vector<Assignment>& fields, const std::string& name, SettingsTable table) {
    for (const Assignment& it : fields)
        if (it.field == name) return shown(field_at(table, name), fitted(field_at(table, name), it.value));
    return {};
}

constexpr const char* miner =
    R"json([{"id":"5b1c6f0e-0000-0000-0000-000000000001","user_id":"u","name":"Primary S21+ (Revenue)","power_draw_watts":"3878",
  "start_voltage":"50.00","stop_voltage":47.0,"emergency_stop_voltage":45.0,"minimum_excess_watts":0,"minimum_solar_watts":null,
  "preferred_start":"18:00:00","preferred_end":"10:00","hvac_zone_id":"zone-1","enabled":true,"pool_url":"stratum+tcp://x",
  "created_at":"2024-01-01T00:00:00Z"}])json";
constexpr const char* zone = R"({"zones":[{"id":"zone-1","zone_name":"Heat Room","block_charging_below_temp":0.5,
  "minimum_solar_for_heating_watts":4000,"temp_too_hot":null}]})";

}  // namespace

TEST_CASE("maps cloud names to settings and quoted numbers to numbers") {
    CloudRows rows;
    REQUIRE(add_cloud_rows(miner, "m.json", rows));
    REQUIRE(add_cloud_rows(zone, "z.json", rows));
    name_zones(rows);
    REQUIRE(rows.rows.miners.size() == 1);
    REQUIRE(rows.rows.zones.size() == 1);
    const auto& m = rows.rows.miners.front();
    CHECK(shown_of(m, "power_draw_w", SettingsTable::miners) == "3878");
    CHECK(shown_of(m, "start_voltage", SettingsTable::miners) == "50.0");
    CHECK(shown_of(m, "preferred_start", SettingsTable::miners) == "18:00");
    CHECK(shown_of(m, "hvac_zone_id", SettingsTable::miners) == "Heat Room");
    CHECK(shown_of(m, "minimum_excess_w", SettingsTable::miners) == "0");
    const auto& z = rows.rows.zones.front();
    CHECK(shown_of(z, "block_charging_below_c", SettingsTable::zones) == "0.5");
    CHECK(shown_of(z, "minimum_solar_for_heating_w", SettingsTable::zones) == "4000");
}

TEST_CASE("names an unknown field with its row") {
    const CloudRows rows = rows_of(miner);
    REQUIRE(rows.unknown.size() == 1);
    CHECK(rows.unknown.front() == "miner Primary S21+ (Revenue): pool_url");
    const CloudRows zones = rows_of(zone);
    CHECK(zones.unknown.empty());
    REQUIRE(zones.notes.size() == 1);
    CHECK(zones.notes.front() == "zone Heat Room: temp_too_hot has no value: it stays as it is");
}

TEST_CASE("reads preferences with the curve as points or text") {
    for (const char* curve : {R"([{"voltage":45.0,"soc":0},{"voltage":56.0,"soc":100}])", R"("[[45.0,0],[56.0,100]]")"}) {
        const CloudRows rows = rows_of(std::string(R"({"status":"success","preferences":{"voltage_curve":)") + curve +
                                       R"(,"max_battery_discharge_watts":4000,"voltage_low":"47.2"}})");
        CHECK(rows.problem.empty());
        CHECK(rows.unknown.empty());
        CHECK(shown_of(rows.rows.preferences, "max_battery_discharge_w", SettingsTable::preferences) == "4000");
        CHECK(shown_of(rows.rows.preferences, "voltage_low", SettingsTable::preferences) == "47.2");
        CHECK(!shown_of(rows.rows.preferences, "voltage_curve", SettingsTable::preferences).empty());
    }
}

TEST_CASE("rejects two fields for one setting and names both") {
    CHECK(rows_of(R"([{"name":"A","start_voltage":50,"power_draw_watts":100,"power_draw_w":200}])").problem ==
          "f.json: miner A: power_draw_watts and power_draw_w are both power_draw_w; keep one of them");
    CHECK(!rows_of(R"([{"zone_name":"Z","block_charging_below_temp":1,"block_charging_below_c":2}])").problem.empty());
}

TEST_CASE("rejects unknown content with the file") {
    CHECK(rows_of("no json").problem == "f.json: expected a JSON object or array");
    CHECK(rows_of("[]").problem == "f.json: no rows");
    CHECK(rows_of(R"({"detail":"Not authenticated"})").problem == "f.json: unknown row; expected preferences, a miner or a zone");
    CHECK(rows_of(R"([{"start_voltage":50}])").problem == "f.json: a miner without name");
    CHECK(rows_of(R"([1,2])").problem == "f.json: unknown row; expected preferences, a miner or a zone");
    CloudRows twice;
    CHECK(add_cloud_rows(R"({"voltage_shutdown":44})", "a", twice));
    CHECK(!add_cloud_rows(R"({"voltage_shutdown":44})", "b", twice));
}

}  // namespace cloud_rows_test
