#include "drivers/store/settings.hpp"

#include <sqlite3.h>

#include "drivers/store/decimal.hpp"
#include "drivers/store/migrations.hpp"
#include "drivers/store/settings_io.hpp"
#include "drivers/store/settings_row.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

constexpr Bounds battery_volts{3000, 7000, 2};
constexpr Bounds degrees{-600, 1000, 1};
constexpr Bounds day_hours{1, 24000, 3};
constexpr Bounds watts{0, 200000};
constexpr int most_rows = 256;  ///< of miners, and of zones; further ones are told and left out

/// The site's preferences: those of the first user of all, by the fixed id of the default rows where it is there.
const char* const site_preferences =
    "SELECT * FROM user_preferences ORDER BY user_id <> 'a0000000-0000-0000-0000-000000000001', created_at, id LIMIT 1";

void tell(Settings& settings, const std::string& row, const std::vector<SettingProblem>& problems,
          const char* instead) {
    for (const SettingProblem& problem : problems)
        settings.problems.push_back(row + ": " + text_of(problem) + "; " + instead);
}

std::optional<std::int64_t> json_steps(const Statement& row, int column) {
    if (!row.is_number(column)) return std::nullopt;
    return whole_steps(row.real(column), 2);
}

std::vector<CurvePoint> read_curve(Connection& db, SettingsRow& row) {
    const std::string json = row.raw("voltage_curve");
    Statement points = db.prepare(
        "SELECT json_extract(value, '$.voltage'), json_extract(value, '$.soc') FROM json_each(?1) ORDER BY key LIMIT "
        "33");
    points.bind(1, json);
    std::vector<CurvePoint> curve;
    while (points.row()) {
        const auto voltage = json_steps(points, 0), soc = json_steps(points, 1);
        if (!voltage || !soc) {
            row.add("voltage_curve", json, "points of numbers in steps of 0.01");
            return {};
        }
        curve.push_back({{*voltage}, {*soc}});
    }
    if (!points.status().ok()) row.add("voltage_curve", json, "a JSON list of points");
    return curve;
}

Preferences read_thresholds(SettingsRow& row) {
    Preferences p;
    const auto volts = [&](const char* name, Volts& value) {
        value.steps = row.steps(name, battery_volts, value.steps);
    };
    volts("voltage_shutdown", p.shutdown);
    volts("voltage_critical_low", p.critical_low);
    volts("voltage_low", p.low);
    volts("voltage_restart", p.restart);
    volts("voltage_optimal_min", p.optimal_min);
    volts("voltage_optimal_max", p.optimal_max);
    volts("voltage_float", p.float_v);
    volts("voltage_absorption", p.absorption);
    volts("voltage_full", p.full);
    volts("battery_absolute_max", p.absolute_max);
    p.max_battery_discharge.steps = row.steps("max_battery_discharge_w", {0, 100000}, 5000);
    p.inverter_max.steps = row.steps("inverter_max_w", {500, 200000}, 12000);
    p.internal_resistance_mohm = row.steps("internal_resistance_mohm", {0, 200}, 10);
    if (const auto reserve = row.steps_or_null("reserve_voltage", battery_volts)) p.reserve = Volts{*reserve};
    return p;
}

/// The mode is kept from a row that is otherwise refused: `off` must be heard.
void read_preferences(Connection& db, const Statement& found, const Settings& previous, Settings& into) {
    SettingsRow row(found);
    into.display_mode =
        row.word<std::string>("display_mode", {{"voltage", "voltage"}, {"soc", "soc"}}, previous.display_mode);
    into.temperature_unit =
        row.word<std::string>("temperature_unit", {{"C", "C"}, {"F", "F"}}, previous.temperature_unit);
    into.timezone = row.text("timezone", 1);
    if (into.timezone.empty()) into.timezone = previous.timezone;
    into.latitude = row.real("latitude", -90, 90, previous.latitude);
    into.longitude = row.real("longitude", -180, 180, previous.longitude);
    const SiteMode mode = row.word<SiteMode>("operating_mode",
                                             {{"aggressive", SiteMode::aggressive},
                                              {"balanced", SiteMode::balanced},
                                              {"conservative", SiteMode::conservative},
                                              {"off", SiteMode::off}},
                                             previous.preferences.mode);
    const std::size_t apart = row.problems().size();
    Preferences read = read_thresholds(row);
    read.curve = read_curve(db, row);
    const Volts at_0{row.steps("voltage_at_0_percent", battery_volts, 4500)};
    const Volts at_100{row.steps("voltage_at_100_percent", battery_volts, 5600)};
    if (row.problems().size() == apart) {
        row.add(check(read));
        row.add(check_curve(read.curve, at_0, at_100));
    }
    into.preferences = row.problems().size() == apart ? read : previous.preferences;
    into.preferences.mode = mode;
    tell(into, "user_preferences", row.problems(), "the last good values, or the defaults, serve");
}

template <class T>
const T* find_by_id(const std::vector<T>& rows, const std::string& id) {
    for (const T& row : rows)
        if (row.id == id) return &row;
    return nullptr;
}

std::optional<Duration> hours(SettingsRow& row, const char* name) {
    const auto thousandths = row.steps_or_null(name, day_hours);
    if (!thousandths) return std::nullopt;
    return Duration{*thousandths * 3600};
}

void read_limits(SettingsRow& row, Miner& m) {
    m.require_excess_solar = row.flag("require_excess_solar", true);
    m.minimum_excess.steps = row.steps("minimum_excess_w", watts, 0);
    if (const auto solar = row.steps_or_null("minimum_solar_w", watts)) m.minimum_solar = Watts{*solar};
    m.require_sunny = row.flag("require_sunny", false);
    m.preferred_start_s = row.second_of_day("preferred_start");
    m.preferred_end_s = row.second_of_day("preferred_end");
    m.allow_outside_schedule = row.flag("allow_outside_schedule", true);
    m.min_on = Duration{row.steps("min_on_s", {0, 86400}, 600) * 1000};
    m.min_off = Duration{row.steps("min_off_s", {0, 86400}, 300) * 1000};
    m.max_starts_per_hour = static_cast<int>(row.steps("max_starts_per_hour", {1, 60}, 3));
    m.max_runtime_day = hours(row, "max_runtime_h_day");
    m.max_continuous = hours(row, "max_continuous_h");
}

Miner read_miner(SettingsRow& row) {
    Miner m;
    m.id = row.text("id", 1);
    m.name = row.text("name", 1);
    m.slug = row.text("slug", 1);
    m.power.steps = row.steps("power_draw_w", {1, 20000}, 20000);
    m.priority_level = static_cast<int>(row.steps("priority_level", {1, 10}, 10));
    m.start.steps = row.steps("start_voltage", battery_volts, 7000);
    m.stop.steps = row.steps("stop_voltage", battery_volts, 6999);
    m.emergency.steps = row.steps("emergency_stop_voltage", battery_volts, 6998);
    read_limits(row, m);
    m.operating_mode = row.word<OperatingMode>("operating_mode",
                                               {{"aggressive", OperatingMode::aggressive},
                                                {"balanced", OperatingMode::balanced},
                                                {"opportunistic", OperatingMode::opportunistic}},
                                               OperatingMode::balanced);
    row.word<int>("control_method", {{"relay", 0}}, 0);
    m.output_id = row.text("device_id", 0);
    m.zone_id = row.text("hvac_zone_id", 0);
    m.enabled = row.flag("enabled", false);
    if (row.problems().empty()) row.add(check(m));
    return m;
}

void add_miner(const Statement& found, const Settings& previous, Settings& into) {
    SettingsRow row(found);
    Miner miner = read_miner(row);
    if (row.problems().empty()) {
        into.miners.push_back(std::move(miner));
        return;
    }
    const Miner* last = find_by_id(previous.miners, miner.id);
    const std::string name = "miner_profiles " + (miner.slug.empty() ? row.raw("id") : miner.slug);
    tell(into, name, row.problems(), last != nullptr ? "the last good row, or the default one, serves" : "the miner is taken as disabled");
    const bool stays_on = miner.enabled && last != nullptr;
    if (last != nullptr) miner = *last;
    if (!stays_on) miner.enabled = false;
    if (!check(miner).empty()) miner.start = 7000_cV, miner.stop = 6999_cV, miner.emergency = 6998_cV;
    into.miners.push_back(std::move(miner));
}

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
    z.fan_mode = row.word<FanMode>("fan_speed_mode", {{"auto", FanMode::automatic}, {"fixed", FanMode::fixed}},
                                   FanMode::automatic);
    z.fan_max_level = static_cast<std::int32_t>(row.steps("fan_max_level", {1, 255}, 10));
    z.heating_enabled = row.flag("heating_enabled", false);
    z.heat_first = row.word<HeatSource>("heating_priority_1", heat, HeatSource::none);
    z.heat_second = row.word<HeatSource>("heating_priority_2", heat, HeatSource::none);
    z.heater_id = row.text("heater_device_id", 0);
    z.heater_power.steps = row.steps("heater_power_w", {1, 20000}, 1500);
    z.minimum_solar_for_heating.steps = row.steps("minimum_solar_for_heating_w", watts, 200000);
    z.block_charging_enabled = row.flag("block_charging_enabled", true);
    celsius("block_charging_below_c", z.block_charging_below);
    z.sensor_id = row.text("sensor_id", 0);
    z.enabled = row.flag("enabled", true);
    if (row.problems().empty()) row.add(check(z));
    return z;
}

void add_zone(const Statement& found, const Settings& previous, Settings& into) {
    SettingsRow row(found);
    Zone zone = read_zone(row);
    if (!row.problems().empty()) {
        const Zone* last = find_by_id(previous.zones, zone.id);
        const std::string name = "hvac_zones " + (zone.slug.empty() ? row.raw("id") : zone.slug);
        tell(into, name, row.problems(), last != nullptr ? "the last good row, or the default one, serves" : "default values serve");
        if (last != nullptr) zone = *last;
        const Zone defaults;
        if (!check(zone).empty())
            zone.too_hot = defaults.too_hot, zone.hot_ok = defaults.hot_ok, zone.too_cold = defaults.too_cold,
            zone.cold_ok = defaults.cold_ok;
    }
    into.zones.push_back(std::move(zone));
}

SqlStatus read_all(Connection& db, const Settings& previous, Settings& into) {
    into.revision = settings_revision(db);
    Statement preferences = db.prepare(site_preferences);
    if (preferences.row()) {
        read_preferences(db, preferences, previous, into);
    } else {
        if (!preferences.status().ok()) return preferences.status();
        into = previous;
        into.miners.clear(), into.zones.clear();
        into.revision = settings_revision(db);
        into.problems = {"user_preferences: no row; the last good values, or the defaults, serve"};
    }
    Statement miners = db.prepare("SELECT * FROM miner_profiles ORDER BY priority_level, created_at, id");
    while (miners.row() && into.miners.size() < most_rows) add_miner(miners, previous, into);
    if (!miners.status().ok()) return miners.status();
    Statement zones = db.prepare("SELECT * FROM hvac_zones ORDER BY created_at, id");
    while (zones.row() && into.zones.size() < most_rows) add_zone(zones, previous, into);
    return zones.status();
}

}  // namespace

std::int64_t settings_revision(Connection& db) {
    return db.number("SELECT revision FROM settings_revision").value_or(-1);
}

Settings default_settings() {
    Settings settings;
    Result<Connection> db = Connection::open(":memory:", OpenMode::create);
    if (db && migrate(db.value(), built_in_migrations()).ok())
        if (Result<Settings> read = read_settings(db.value(), settings); read) settings = std::move(read.value());
    return settings;
}

Result<Settings> read_settings(Connection& db, const Settings& previous) {
    Settings settings;
    if (SqlStatus begun = db.execute("BEGIN"); !begun.ok()) return begun.failure("cannot read the settings");
    const SqlStatus read = read_all(db, previous, settings);
    db.execute("COMMIT");
    if (!read.ok()) return read.failure("cannot read the settings");
    return settings;
}

SqlStatus write_mode(Connection& db, SiteMode mode, const std::string& who) {
    Transaction transaction(db);
    if (!transaction.status().ok()) return transaction.status();
    SqlStatus named = db.prepare("UPDATE settings_revision SET who = ?1").bind(1, who).run();
    if (!named.ok()) return named;
    SqlStatus written = db.prepare("UPDATE user_preferences SET operating_mode = ?1 WHERE id = (SELECT id FROM (" +
                                   std::string(site_preferences) + "))")
                            .bind(1, std::string_view(name_of(mode)))
                            .run();
    if (!written.ok()) return written;
    if (db.changes() != 1) return {SQLITE_CONSTRAINT, "there are no preferences to write the mode to"};
    if (SqlStatus cleared = db.execute("UPDATE settings_revision SET who = ''"); !cleared.ok()) return cleared;
    return transaction.commit();
}

Result<std::optional<std::string>> read_rule_state(Connection& db) {
    Statement query = db.prepare("SELECT state FROM rule_state WHERE id = 1");
    if (query.row()) return std::optional<std::string>(query.text(0));
    if (!query.status().ok()) return query.status().failure("cannot read the rule state");
    return std::optional<std::string>();
}

}  // namespace volt
