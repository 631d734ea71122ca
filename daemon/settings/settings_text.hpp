// Settings as an operator types them: `KEY=VALUE`.
#pragma once

#include <string>

#include "drivers/store/settings/edit.hpp"

namespace volt {

/// A typed value for a column: numbers, true/false/yes/no/on/off/1/0 for a flag, `null` or `none` for NULL where the
/// column allows it, points as `45.0:0,47.0:15` or as JSON. Anything else stays text, which the editor refuses.
FieldValue value_of_text(const SettingsField& field, const std::string& text);

/// `KEY=VALUE` for a column of the table; the value of an unknown key stays text. Without `=` the value is empty.
Assignment assignment_of(SettingsTable table, const std::string& text);

}  // namespace volt
