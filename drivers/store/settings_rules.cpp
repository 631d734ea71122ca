#include "drivers/store/settings_rules.hpp"

#include "drivers/store/decimal.hpp"

namespace volt {

namespace {

enum class Order { below, at_most };

/// Adds a problem unless `low` is below (or at most) `high`. `decimals` are those of the column.
void check_pair(std::vector<SettingProblem>& problems, const char* low_name, std::int64_t low, Order order,
                const char* high_name, std::int64_t high, int decimals) {
    const bool holds = order == Order::below ? low < high : low <= high;
    if (holds) return;
    const char* sign = order == Order::below ? "< " : "<= ";
    problems.push_back(
        {low_name, decimal(low, decimals), sign + std::string(high_name) + " (" + decimal(high, decimals) + ")"});
}

struct VoltPair {
    const char* low_name;
    Volts Preferences::*low;
    Order order;
    const char* high_name;
    Volts Preferences::*high;
};

constexpr VoltPair volt_pairs[] = {
    {"voltage_shutdown", &Preferences::shutdown, Order::below, "voltage_critical_low", &Preferences::critical_low},
    {"voltage_critical_low", &Preferences::critical_low, Order::at_most, "voltage_low", &Preferences::low},
    {"voltage_low", &Preferences::low, Order::below, "voltage_restart", &Preferences::restart},
    {"voltage_restart", &Preferences::restart, Order::at_most, "voltage_optimal_min", &Preferences::optimal_min},
    {"voltage_optimal_min", &Preferences::optimal_min, Order::below, "voltage_optimal_max", &Preferences::optimal_max},
    {"voltage_optimal_max", &Preferences::optimal_max, Order::at_most, "voltage_float", &Preferences::float_v},
    {"voltage_float", &Preferences::float_v, Order::below, "voltage_absorption", &Preferences::absorption},
    {"voltage_absorption", &Preferences::absorption, Order::at_most, "voltage_full", &Preferences::full},
    {"voltage_full", &Preferences::full, Order::at_most, "battery_absolute_max", &Preferences::absolute_max},
};

void check_point(std::vector<SettingProblem>& problems, const std::vector<CurvePoint>& curve, std::size_t i) {
    const CurvePoint& point = curve[i];
    const std::string name = "voltage_curve[" + std::to_string(i) + "]";
    if (point.voltage < 3000_cV || point.voltage > 7000_cV)
        problems.push_back({name + ".voltage", decimal(point.voltage.steps, 2), "30.00..70.00 in steps of 0.01"});
    if (point.soc.steps < 0 || point.soc.steps > 10000)
        problems.push_back({name + ".soc", decimal(point.soc.steps, 2), "0.00..100.00 in steps of 0.01"});
    if (i == 0) return;
    const CurvePoint& before = curve[i - 1];
    if (point.voltage <= before.voltage)
        problems.push_back(
            {name + ".voltage", decimal(point.voltage.steps, 2), "> " + decimal(before.voltage.steps, 2)});
    if (point.soc <= before.soc)
        problems.push_back({name + ".soc", decimal(point.soc.steps, 2), "> " + decimal(before.soc.steps, 2)});
}

}  // namespace

std::string text_of(const SettingProblem& problem) {
    return problem.field + " is " + problem.value + "; need " + problem.need;
}

std::vector<SettingProblem> check(const Preferences& preferences) {
    std::vector<SettingProblem> problems;
    for (const VoltPair& it : volt_pairs)
        check_pair(problems, it.low_name, (preferences.*it.low).steps, it.order, it.high_name,
                   (preferences.*it.high).steps, 2);
    return problems;
}

std::vector<SettingProblem> check_curve(const std::vector<CurvePoint>& curve, Volts at_0, Volts at_100) {
    std::vector<SettingProblem> problems;
    if (curve.size() < 2 || curve.size() > 32)
        return {{"voltage_curve", std::to_string(curve.size()) + " points", "2 to 32 points"}};
    for (std::size_t i = 0; i < curve.size(); ++i) check_point(problems, curve, i);
    if (curve.front() != CurvePoint{at_0, {0}})
        problems.push_back(
            {"voltage_at_0_percent", decimal(at_0.steps, 2), "the first point of voltage_curve, at soc 0"});
    if (curve.back() != CurvePoint{at_100, {10000}})
        problems.push_back(
            {"voltage_at_100_percent", decimal(at_100.steps, 2), "the last point of voltage_curve, at soc 100"});
    return problems;
}

std::vector<SettingProblem> check(const Miner& miner) {
    std::vector<SettingProblem> problems;
    check_pair(problems, "emergency_stop_voltage", miner.emergency.steps, Order::below, "stop_voltage",
               miner.stop.steps, 2);
    check_pair(problems, "stop_voltage", miner.stop.steps, Order::below, "start_voltage", miner.start.steps, 2);
    return problems;
}

std::vector<SettingProblem> check(const Zone& zone) {
    std::vector<SettingProblem> problems;
    check_pair(problems, "temp_too_cold", zone.too_cold.steps, Order::below, "temp_cold_ok", zone.cold_ok.steps, 1);
    check_pair(problems, "temp_cold_ok", zone.cold_ok.steps, Order::below, "temp_hot_ok", zone.hot_ok.steps, 1);
    check_pair(problems, "temp_hot_ok", zone.hot_ok.steps, Order::below, "temp_too_hot", zone.too_hot.steps, 1);
    return problems;
}

}  // namespace volt
