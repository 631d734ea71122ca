#include "drivers/store/settings/settings.hpp"

#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/rules.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace {

Settings read(Connection& db, const Settings& previous = {}) {
    Result<Settings> found = read_settings(db, previous);
    REQUIRE_MESSAGE(found.ok(), (found ? "" : found.failure().text));
    return found.value();
}

/// Writes values that a CHECK or trigger would refuse: a row that went bad on the card.
void spoil(Connection& db, const std::string& sql) {
    must(db, "DROP TRIGGER IF EXISTS trg_user_preferences_curve_update; PRAGMA ignore_check_constraints = ON");
    must(db, sql);
    must(db, "PRAGMA ignore_check_constraints = OFF");
}

bool told(const Settings& settings, const std::string& part) {
    for (const std::string& problem : settings.problems)
        if (problem.find(part) != std::string::npos) return true;
    for (const std::string& problem : settings.problems) MESSAGE(problem);
    return false;
}

void check_equal(const Preferences& a, const Preferences& b) {
    CHECK(a.shutdown == b.shutdown);
    CHECK(a.critical_low == b.critical_low);
    CHECK(a.low == b.low);
    CHECK(a.restart == b.restart);
    CHECK(a.optimal_min == b.optimal_min);
    CHECK(a.optimal_max == b.optimal_max);
    CHECK(a.float_v == b.float_v);
    CHECK(a.absorption == b.absorption);
    CHECK(a.full == b.full);
    CHECK(a.absolute_max == b.absolute_max);
    CHECK(a.curve == b.curve);
    CHECK(a.max_battery_discharge == b.max_battery_discharge);
    CHECK(a.inverter_max == b.inverter_max);
    CHECK(a.internal_resistance_mohm == b.internal_resistance_mohm);
    CHECK(a.reserve == b.reserve);
    CHECK(a.mode == b.mode);
}

const Miner& miner(const Settings& settings, const std::string& slug) {
    for (const Miner& it : settings.miners)
        if (it.slug == slug) return it;
    FAIL("no miner " << slug);
    return settings.miners.front();
}

const Zone& zone(const Settings& settings, const std::string& slug) {
    for (const Zone& it : settings.zones)
        if (it.slug == slug) return it;
    FAIL("no zone " << slug);
    return settings.zones.front();
}

}  // namespace

TEST_CASE("a new database reads as the rules' defaults") {
    Connection db = new_schema();
    const Settings s = read(db);
    CHECK(s.problems.empty());
    CHECK(s.revision > 0);
    check_equal(s.preferences, Preferences{});
    CHECK(s.timezone == "America/Los_Angeles");
    CHECK(s.latitude == 37.3382);
    CHECK(s.longitude == -121.8863);
    CHECK(s.display_mode == "voltage");
    CHECK(s.temperature_unit == "C");
    REQUIRE(s.miners.size() == 2);
    REQUIRE(s.zones.size() == 2);
}

TEST_CASE("default miners match the data model") {
    Connection db = new_schema();
    const Settings s = read(db);
    const Miner& m = miner(s, "primary-s21-revenue");
    CHECK(m.name == "Primary S21+ (Revenue)");
    CHECK(m.power == 3878_W);
    CHECK(m.priority_level == 1);
    CHECK((m.start == 5000_cV && m.stop == 4700_cV && m.emergency == 4500_cV));
    CHECK_FALSE((m.require_excess_solar || m.require_sunny || m.minimum_solar.has_value()));
    CHECK((m.preferred_start_s == 18 * 3600 && m.preferred_end_s == 10 * 3600 && m.allow_outside_schedule));
    CHECK((m.min_on == 600s && m.min_off == 300s && m.max_starts_per_hour == 3));
    CHECK_FALSE((m.max_runtime_day.has_value() || m.max_continuous.has_value()));
    CHECK(m.operating_mode == OperatingMode::aggressive);
    CHECK((m.output_id == "primary-s21" && m.output == no_index && m.enabled));

    const Miner& d = miner(s, "dump-load-s19-1");
    CHECK((d.power == 3250_W && d.priority_level == 3));
    CHECK((d.start == 5450_cV && d.stop == 5300_cV && d.emergency == 5000_cV));
    CHECK((d.require_excess_solar && d.minimum_excess == 3500_W && d.minimum_solar == 8000_W && d.require_sunny));
    CHECK((d.preferred_start_s == 10 * 3600 && d.preferred_end_s == 16 * 3600 && !d.allow_outside_schedule));
    CHECK(d.operating_mode == OperatingMode::opportunistic);
    CHECK(d.output_id == "dump-load-s19-1");
    CHECK((m.zone_id == zone(s, "heat-room").id && d.zone_id == zone(s, "heat-room").id));
}

TEST_CASE("default zones match the data model") {
    Connection db = new_schema();
    const Settings s = read(db);
    const Zone& h = zone(s, "heat-room");
    CHECK((h.too_hot == 400_dK && h.hot_ok == 350_dK && h.too_cold == 0_dK && h.cold_ok == 50_dK));
    CHECK((h.fan_enabled && h.fan_id == "ac-infinity-1" && h.fan_mode == FanMode::automatic && h.fan_max_level == 10));
    CHECK((h.heating_enabled && h.heat_first == HeatSource::miner && h.heat_second == HeatSource::heater));
    CHECK((h.heater_id == "heat-room-heater" && h.heater_power == 1500_W && h.minimum_solar_for_heating == 4000_W));
    CHECK((h.block_charging_enabled && h.block_charging_below == 0_dK && h.sensor_id == "heat-room" && h.enabled));
    const Zone& r = zone(s, "main-room");
    CHECK((r.too_hot == 350_dK && r.hot_ok == 300_dK && r.too_cold == Celsius{-50} && r.cold_ok == 0_dK));
    CHECK((r.fan_id == "ac-infinity-2" && r.fan_max_level == 8));
    CHECK((r.heat_first == HeatSource::heater && r.heat_second == HeatSource::none && r.heater_id == "main-room-heater"));
    CHECK((r.minimum_solar_for_heating == 2000_W && !r.block_charging_enabled && r.sensor_id == "main-room"));
}

TEST_CASE("values are exact, NULL is empty, disabled rows are read") {
    Connection db = new_schema();
    must(db,
         "UPDATE miner_profiles SET start_voltage = 50.07, stop_voltage = 47.13, max_runtime_h_day = 0.001, "
         "max_continuous_h = 23.999, preferred_start = '23:59', enabled = 0, hvac_zone_id = NULL, device_id = NULL "
         "WHERE slug = 'primary-s21-revenue'");
    must(db, "UPDATE user_preferences SET reserve_voltage = 48.29");
    const Settings s = read(db);
    const Miner& m = miner(s, "primary-s21-revenue");
    CHECK((m.start == 5007_cV && m.stop == 4713_cV));
    CHECK((m.max_runtime_day == 3600ms && m.max_continuous == 86396400ms));
    CHECK((m.preferred_start_s == 86340 && !m.enabled && m.zone_id.empty() && m.output_id.empty()));
    CHECK(s.preferences.reserve == 4829_cV);
}

TEST_CASE("bad preferences use the last good ones except the mode") {
    Connection db = new_schema();
    must(db, "UPDATE user_preferences SET voltage_low = 47.5");
    const Settings good = read(db);
    spoil(db, "UPDATE user_preferences SET voltage_restart = 47.5, operating_mode = 'off'");
    const Settings s = read(db, good);
    CHECK(told(s, "voltage_low is 47.50; need < voltage_restart (47.50)"));
    CHECK(s.preferences.low == 4750_cV);
    CHECK(s.preferences.restart == 5000_cV);
    CHECK(s.preferences.mode == SiteMode::off);
    CHECK(s.miners.size() == 2);
}

TEST_CASE("refuses each kind of bad value in the preferences") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"voltage_full = 1e30", "voltage_full is 1.0e+30; need 5.00..150.00 in steps of 0.01"},
        {"voltage_full = 58.003", "voltage_full is 58.003"},
        {"inverter_max_w = 499", "inverter_max_w is 499; need 500..200000"},
        {"reserve_voltage = 151", "reserve_voltage is 151.0"},
        {"voltage_curve = 'x'", "voltage_curve is x"},
        {"voltage_curve = '[]'", "voltage_curve is 0 points; need 2 to 32 points"},
        {"voltage_curve = '[{\"voltage\":45,\"soc\":0},{\"voltage\":44,\"soc\":100}]'",
         "voltage_curve[1].voltage is 44.00; need > 45.00"},
        {"voltage_curve = '[{\"voltage\":46,\"soc\":0},{\"voltage\":56,\"soc\":100}]'", "voltage_at_0_percent is 45.00"},
        {"voltage_curve = '[{\"voltage\":45,\"soc\":0},{\"voltage\":56,\"soc\":90}]'", "voltage_at_100_percent is 56.00"},
    };
    for (const auto& one : cases) {
        const auto& [set, text] = one;
        Connection db = new_schema();
        spoil(db, "UPDATE user_preferences SET " + set);
        const Settings s = read(db);
        CAPTURE(one.first);
        CHECK(told(s, text));
        check_equal(s.preferences, Preferences{});
    }
    Connection db = new_schema();
    spoil(db, "UPDATE user_preferences SET operating_mode = 'turbo', timezone = ''");
    const Settings s = read(db);
    CHECK(told(s, "operating_mode is turbo; need aggressive, balanced, conservative, off"));
    CHECK(s.timezone == "America/Los_Angeles");
    must(db, "DELETE FROM user_preferences");
    CHECK(told(read(db), "user_preferences: no row"));
}

TEST_CASE("a bad miner uses its last good row or is disabled") {
    Connection db = new_schema();
    const Settings good = read(db);
    spoil(db, "UPDATE miner_profiles SET stop_voltage = 54.5 WHERE slug = 'dump-load-s19-1'");
    const Settings with = read(db, good);
    CHECK(told(with,
               "miner_profiles dump-load-s19-1: stop_voltage is 54.50; need < start_voltage (54.50); using the last good "
               "row, or the default one"));
    CHECK(miner(with, "dump-load-s19-1").stop == 5300_cV);
    CHECK(miner(with, "dump-load-s19-1").enabled);

    const Settings without = read(db);
    CHECK(told(without, "the miner counts as disabled"));
    CHECK_FALSE(miner(without, "dump-load-s19-1").enabled);
    CHECK(miner(without, "dump-load-s19-1").output_id == "dump-load-s19-1");
    CHECK(check(miner(without, "dump-load-s19-1")).empty());
    CHECK(miner(without, "primary-s21-revenue").enabled);

    spoil(db, "UPDATE miner_profiles SET enabled = 0 WHERE slug = 'dump-load-s19-1'");
    const Settings disabled = read(db, good);
    CHECK_FALSE(miner(disabled, "dump-load-s19-1").enabled);
}

TEST_CASE("a bad zone uses its last good row or default temperatures") {
    Connection db = new_schema();
    const Settings good = read(db);
    spoil(db, "UPDATE hvac_zones SET temp_hot_ok = 35.0, temp_too_hot = 35.0 WHERE slug = 'main-room'");
    const Settings with = read(db, good);
    CHECK(told(with, "hvac_zones main-room: temp_hot_ok is 35.0; need < temp_too_hot (35.0)"));
    CHECK(zone(with, "main-room").hot_ok == 300_dK);
    const Settings without = read(db);
    const Zone& bare = zone(without, "main-room");
    CHECK(check(bare).empty());
    CHECK((bare.too_hot == 400_dK && bare.fan_enabled && bare.enabled && bare.sensor_id == "main-room"));
}

TEST_CASE("writes the mode with its author to the site's preferences") {
    Connection db = new_schema();
    must(db,
         "INSERT INTO users (id, email) VALUES ('00000000-0000-0000-0000-000000000001', 'b@b.org');"
         "INSERT INTO user_preferences (id, user_id, created_at) VALUES ('00000000-0000-0000-0000-000000000002', "
         "'00000000-0000-0000-0000-000000000001', '1999-01-01T00:00:00.000Z')");
    const std::int64_t before = settings_revision(db);
    REQUIRE(write_mode(db, SiteMode::conservative, "mode/set").ok());
    CHECK(settings_revision(db) == before + 1);
    CHECK(read(db).preferences.mode == SiteMode::conservative);
    CHECK(db.number("SELECT count(*) FROM user_preferences WHERE operating_mode = 'conservative'") == 1);
    CHECK(db.text("SELECT who FROM settings_history ORDER BY id DESC LIMIT 1") == "mode/set");
    CHECK(db.text("SELECT who FROM settings_revision") == "");
    must(db, "DELETE FROM user_preferences");
    CHECK_FALSE(write_mode(db, SiteMode::off, "x").ok());
}

TEST_CASE("a store without a file has the settings of a new one") {
    Connection db = new_schema();
    const Settings s = default_settings();
    CHECK(s.miners.size() == 2);
    check_equal(s.preferences, read(db).preferences);
}
