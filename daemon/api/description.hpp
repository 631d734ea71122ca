// schema/openapi.json, as built into the program.
#pragma once

#include <string>

namespace volt::api {

extern const std::string description_text;

}  // namespace volt::api
