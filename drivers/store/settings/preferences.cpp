#include "drivers/store/settings/decimal.hpp"
#include "drivers/store/settings/tables.hpp"

namespace volt {

namespace {

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
    const auto volts = [&](const char* name, Volts& value) { value.steps = row.steps(name, battery_volts, value.steps); };
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
    p.bank_wh = row.steps_or_null("bank_wh", {500, 1000000});
    p.budget_floor_percent = static_cast<int>(row.steps("budget_floor_percent", {0, 60}, p.budget_floor_percent));
    p.bridge_wh = row.steps("bridge_wh", {0, 20000}, p.bridge_wh);
    return p;
}

}  // namespace

void read_preferences(Connection& db, const Statement& found, const Settings& previous, Settings& into) {
    SettingsRow row(found);
    into.display_mode = row.word<std::string>("display_mode", {{"voltage", "voltage"}, {"soc", "soc"}}, previous.display_mode);
    into.temperature_unit = row.word<std::string>("temperature_unit", {{"C", "C"}, {"F", "F"}}, previous.temperature_unit);
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
    tell(into, "user_preferences", row.problems(), "using the last good values, or the defaults");
}

}  // namespace volt
