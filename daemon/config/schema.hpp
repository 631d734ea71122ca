// The JSON Schema of voltd.yaml, made from the tables of fields.
#pragma once

#include <string>

namespace volt {

/// For editors, other programs and the manual page voltd.yaml(5).
std::string config_schema();

}  // namespace volt
