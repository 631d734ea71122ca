// Answers of `voltctl init` as one JSON object: `site timezone bank thresholds victron sol_ark mqtt outputs miners zones …`. They
// come from a conversation or a YAML file; voltd.yaml and the settings are made from them. Keys are those of voltd.yaml and of
// the settings tables. "none" means that the site does not have it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/problem.hpp"
#include "daemon/ctl/views/text.hpp"
#include "drivers/store/settings/fields.hpp"

namespace volt::ctl::init {

struct AnswersRead {
    Json answers = Json::object();  ///< values of settings as text, as an operator would type them
    std::vector<Problem> problems;  ///< in the order of the file; one for each unanswered question
};

/// Top-level answers that are columns of the preferences.
inline constexpr const char* settings_of_answers[] = {"timezone", "inverter_max_w", "max_battery_discharge_w",
                                                      "temperature_unit"};
inline constexpr int most_bank_cells = 48;  ///< maximum cells in series

/// Temperature as an owner types it: `35`, `35 C` or `95 F`.
struct TypedTemperature {
    double celsius = 0;
    bool has_unit = false;
};
/// Parses a typed temperature. Returns nothing for any other text.
std::optional<TypedTemperature> temperature_of(std::string_view text);
/// Returns true if this column of a zone is a temperature.
bool is_temperature(std::string_view column);

/// Returns the reason a typed value does not fit its column, or empty if it fits.
std::string wrong_value(const SettingsField& field, const std::string& text);

/// Returns true if no zone needs to stop charging below freezing: the owner said so, or the battery tolerates it.
bool guard_may_end(const Json& answers);

/// Reads a file of answers strictly. Reports unknown, duplicate and missing keys and wrong values, with their place. The
/// settings editor checks later how the values fit each other.
AnswersRead read_answers(std::string_view text, const std::string& file);

/// Returns the answers as YAML for read_answers(). Never includes the broker's password.
std::string answers_text(const Json& answers);

/// Parses sections in lines of voltd.yaml, such as a probe returns. Returns an empty object if they are invalid.
Json sections_of(const std::vector<std::string>& lines);

/// Returns true if the answer is "none" or missing.
bool has_none(const Json& answers, const char* key);

}  // namespace volt::ctl::init
