// Coordinates in a text. Pure.
#pragma once

#include <string>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// The same with `[place]` for latitudes and longitudes: two numbers beside each other with three digits or more behind the point; a number
/// that a degree sign, N, S, E or W marks, or the word `lat` or `lon` before it; what follows `geo:`. A voltage or power is none.
std::string without_places(const std::string& text);
/// The same of all texts of a value.
void hide_places(Json& value);

}  // namespace volt::agent
