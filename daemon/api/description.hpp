// schema/openapi.json, as built into the program.
#pragma once

namespace volt::api {

extern const char* const description_text;

}  // namespace volt::api
