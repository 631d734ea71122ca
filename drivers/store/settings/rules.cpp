#include "drivers/store/settings/rules.hpp"

#include <cstdlib>

#include "drivers/decimal.hpp"

namespace volt {

namespace {

template <class Row>
std::int64_t steps_of(SettingsTable table, const Row& row, const char* name) {
    const auto steps = [&](auto member) -> std::int64_t {
        if constexpr (requires { std::int64_t{(row.*member).steps}; }) return (row.*member).steps;
        else std::abort();  // a pair names a column that the row does not have
    };
    return std::visit(steps, field_at(table, name).member);
}

template <class Row>
std::vector<SettingProblem> check_orders(const Row& row, SettingsTable table) {
    std::vector<SettingProblem> problems;
    for (const FieldOrder& it : orders_of(table)) {
        const std::int64_t low = steps_of(table, row, it.low), high = steps_of(table, row, it.high);
        if (it.holds(low, high)) continue;
        const char* sign = it.order == Order::below ? "< " : "<= ";
        problems.push_back(
            {it.low, decimal(low, it.decimals), sign + std::string(it.high) + " (" + decimal(high, it.decimals) + ")"});
    }
    return problems;
}

void check_point(std::vector<SettingProblem>& problems, const std::vector<CurvePoint>& curve, std::size_t i) {
    const CurvePoint& point = curve[i];
    const std::string name = "voltage_curve[" + std::to_string(i) + "]";
    if (point.voltage.steps < battery_volts.low || point.voltage.steps > battery_volts.high)
        problems.push_back({name + ".voltage", decimal(point.voltage.steps, 2), need_of(battery_volts)});
    if (point.soc.steps < 0 || point.soc.steps > 10000)
        problems.push_back({name + ".soc", decimal(point.soc.steps, 2), "0.00..100.00 in steps of 0.01"});
    if (i == 0) return;
    const CurvePoint& before = curve[i - 1];
    if (point.voltage <= before.voltage)
        problems.push_back({name + ".voltage", decimal(point.voltage.steps, 2), "> " + decimal(before.voltage.steps, 2)});
    if (point.soc <= before.soc)
        problems.push_back({name + ".soc", decimal(point.soc.steps, 2), "> " + decimal(before.soc.steps, 2)});
}

}  // namespace

std::string text_of(const SettingProblem& problem) { return problem.field + " is " + problem.value + "; need " + problem.need; }

const std::vector<FieldOrder>& orders_of(SettingsTable table) {
    static const std::vector<FieldOrder> preferences = {
        {"voltage_shutdown", Order::below, "voltage_critical_low", 2},
        {"voltage_critical_low", Order::at_most, "voltage_low", 2},
        {"voltage_low", Order::below, "voltage_restart", 2},
        {"voltage_restart", Order::at_most, "voltage_optimal_min", 2},
        {"voltage_optimal_min", Order::below, "voltage_optimal_max", 2},
        {"voltage_optimal_max", Order::at_most, "voltage_float", 2},
        {"voltage_float", Order::below, "voltage_absorption", 2},
        {"voltage_absorption", Order::at_most, "voltage_full", 2},
        {"voltage_full", Order::at_most, "battery_absolute_max", 2},
    };
    static const std::vector<FieldOrder> miners = {
        {"emergency_stop_voltage", Order::below, "stop_voltage", 2},
        {"stop_voltage", Order::below, "start_voltage", 2},
    };
    static const std::vector<FieldOrder> zones = {
        {"temp_too_cold", Order::below, "temp_cold_ok", 1},
        {"temp_cold_ok", Order::below, "temp_hot_ok", 1},
        {"temp_hot_ok", Order::below, "temp_too_hot", 1},
    };
    switch (table) {
        case SettingsTable::preferences: return preferences;
        case SettingsTable::miners: return miners;
        case SettingsTable::zones: return zones;
    }
    return preferences;
}

std::vector<SettingProblem> check(const Preferences& preferences) {
    std::vector<SettingProblem> problems = check_orders(preferences, SettingsTable::preferences);
    const std::int64_t most_bridge_wh = preferences.bank_wh.value_or(0) * most_bridge_percent / 100;
    if (preferences.bank_wh && preferences.bridge_wh > most_bridge_wh)
        problems.push_back(
            {"bridge_wh", std::to_string(preferences.bridge_wh),
             "at most " + std::to_string(most_bridge_percent) + " % of bank_wh (" + std::to_string(most_bridge_wh) + ")"});
    return problems;
}

std::vector<SettingProblem> check_curve(const std::vector<CurvePoint>& curve, Volts at_0, Volts at_100) {
    std::vector<SettingProblem> problems;
    if (curve.size() < least_curve_points || curve.size() > most_curve_points)
        return {{"voltage_curve", std::to_string(curve.size()) + " points",
                 std::to_string(least_curve_points) + " to " + std::to_string(most_curve_points) + " points"}};
    for (std::size_t i = 0; i < curve.size(); ++i) check_point(problems, curve, i);
    if (curve.front() != CurvePoint{at_0, {0}})
        problems.push_back({"voltage_at_0_percent", decimal(at_0.steps, 2), "the first point of voltage_curve, at soc 0"});
    if (curve.back() != CurvePoint{at_100, {10000}})
        problems.push_back({"voltage_at_100_percent", decimal(at_100.steps, 2), "the last point of voltage_curve, at soc 100"});
    return problems;
}

std::vector<SettingProblem> check(const Miner& miner) { return check_orders(miner, SettingsTable::miners); }

std::vector<SettingProblem> check(const Zone& zone) { return check_orders(zone, SettingsTable::zones); }

}  // namespace volt
