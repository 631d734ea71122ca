// Settings as an operator types them: `KEY=VALUE`.
#pragma once

#include <string>

#include "drivers/store/settings/edit.hpp"

namespace volt {

/// Converts a typed value for a column: numbers, true/false/yes/no/on/off/1/0 for a flag, `null` or `none` for NULL if the column
/// allows it, points as `45.0:0,47.0:15` or as JSON. Anything else remains text, which the editor rejects.
FieldValue value_of_text(const SettingsField& field, const std::string& text);

/// Converts `KEY=VALUE` for a column of the table. The value of an unknown key remains text. Without `=` the value is empty.
Assignment assignment_of(SettingsTable table, const std::string& text);

}  // namespace volt
