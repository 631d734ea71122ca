// JSON Schemas of configuration files, made from their tables of fields.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/fields.hpp"

namespace volt {

/// Returns the schema of voltd.yaml, for editors, other programs and the manual page voltd.yaml(5).
std::string config_schema();
/// Returns the schema of another file with these fields.
std::string schema_text(const char* title, const char* about, const std::vector<FieldFacts>& fields);

}  // namespace volt
