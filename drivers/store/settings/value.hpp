// One value of a setting: taken from a person, a program or the database, checked against its column, and formatted again.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "drivers/store/settings/fields.hpp"
#include "drivers/store/sqlite/sqlite.hpp"
#include "rules/policy.hpp"

namespace volt {

using Curve = std::vector<CurvePoint>;
/// Points as entered: volts, percent.
using GivenCurve = std::vector<std::pair<double, double>>;

/// Value of a column; monostate for NULL. Whole steps are an integer. Any other number, and any value that does not fit its
/// column, is kept as entered, so that it can be reported.
using FieldValue = std::variant<std::monostate, bool, std::int64_t, double, std::string, Curve, GivenCurve>;

/// Reason why a value is refused, for people and programs.
struct EditProblem {
    std::string field;
    std::string value;    ///< as entered
    std::string need;     ///< `< start_voltage (50.0)`
    std::string nearest;  ///< nearest valid value (for an unknown field: its nearest name), or empty
    std::string text;     ///< the whole sentence
    bool operator==(const EditProblem&) const = default;
};

/// Makes `stop_voltage 51.0: must be under start_voltage (50.0); nearest allowed 49.99`.
EditProblem make_problem(std::string field, std::string value, std::string need, std::string nearest = "");

/// Fits a given value to its column: a number (always as double) to whole steps, 0 and 1 to a flag, points to a curve. Returns
/// other values unchanged.
FieldValue fitted(const SettingsField& field, FieldValue given);

/// Returns the error of a converted value, or empty if the column accepts it.
std::optional<EditProblem> check_value(const SettingsField& field, const FieldValue& value);

/// Formats for people: `50.0`, `true`, `null`, `45.0:0,47.0:15`.
std::string shown(const SettingsField& field, const FieldValue& value);

/// Returns the column of a row, fitted.
FieldValue read_value(Connection& db, const Statement& row, int column, const SettingsField& field);
/// Parses a stored curve. Other text remains text.
FieldValue curve_of_json(Connection& db, const std::string& json);
/// Formats a curve for storage: `[{"voltage":45.0,"soc":0},…]`.
std::string json_of(const Curve& curve);

/// Binds a checked value.
void bind_value(Statement& statement, int index, const SettingsField& field, const FieldValue& value);

}  // namespace volt
