// Coordinates in a text. Pure.
#pragma once

#include <string>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// Replaces latitudes and longitudes with `[place]`: two adjacent numbers with three or more decimals; a number marked by a
/// degree sign, N, S, E, W, or the word `lat` or `lon` before it; text after `geo:`. Keeps voltages and powers.
std::string without_places(const std::string& text);
/// Replaces them in all texts of a value.
void hide_places(Json& value);

}  // namespace volt::agent
