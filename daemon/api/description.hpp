// The description of the API: schema/openapi.json, with the columns of the settings and the errors that every request shares.
#pragma once

#include <string>

namespace volt::api {

/// OpenAPI, as `GET /openapi.json` serves it and the package installs it.
const std::string& description();

/// schema/openapi.json, as built into the program.
extern const std::string description_base;

}  // namespace volt::api
