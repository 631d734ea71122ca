// Comparison of two versions of a topic: a text, a state, a number that moved far enough, or a sentence.
#pragma once

#include <string_view>

namespace volt {

/// Returns true if the JSON object `now` differs from `before` enough for a message. Ignores timestamps, ages and remaining
/// times. A number counts from 1 %, 10 W, 0.01 V, 0.1 A or 0.1 °C; a sentence by its words and numbers. Both must be in the
/// format that voltd writes: no spaces, keys in the same order. Allocates nothing.
bool noticed(std::string_view before, std::string_view now);

}  // namespace volt
