// Description of the API: schema/openapi.json, with the columns of the settings and the errors that every request shares.
#pragma once

#include <string>

namespace volt::api {

/// Returns the OpenAPI document that `GET /openapi.json` serves and the package installs.
const std::string& description();

/// Text of schema/openapi.json, built into the program.
extern const std::string description_base;

}  // namespace volt::api
