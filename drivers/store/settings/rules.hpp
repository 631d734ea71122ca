// Rules between settings, on typed values: the same as the database's CHECKs and triggers, with names for people.
#pragma once

#include <string>
#include <vector>

#include "drivers/store/settings/fields.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

/// A value that breaks a rule: its column, the value, and the requirement.
struct SettingProblem {
    std::string field, value, need;
    bool operator==(const SettingProblem&) const = default;
};

enum class Order : std::uint8_t { below, at_most };

/// Two columns of one row, with the same unit and steps, that must be in this order.
struct FieldOrder {
    const char* low;
    Order order;
    const char* high;
    int decimals;
    bool holds(std::int64_t low_steps, std::int64_t high_steps) const {
        return order == Order::below ? low_steps < high_steps : low_steps <= high_steps;
    }
};

/// Returns all pairs of a table, which check() uses.
const std::vector<FieldOrder>& orders_of(SettingsTable table);

/// Formats `stop_voltage is 54.50; need < start_voltage (50.00)`.
std::string text_of(const SettingProblem& problem);

inline constexpr std::size_t least_curve_points = 2, most_curve_points = 32;
inline constexpr std::int64_t most_bridge_percent = 5;  ///< percent of `bank_wh`

/// Checks the order of the thresholds, each pair separately.
std::vector<SettingProblem> check(const Preferences& preferences);
/// Checks 2 to 32 points that rise strictly in both columns, from `at_0` at 0 % to `at_100` at 100 %.
std::vector<SettingProblem> check_curve(const std::vector<CurvePoint>& curve, Volts at_0, Volts at_100);
/// Checks emergency < stop < start.
std::vector<SettingProblem> check(const Miner& miner);
/// Checks too_cold < cold_ok < hot_ok < too_hot.
std::vector<SettingProblem> check(const Zone& zone);

}  // namespace volt
