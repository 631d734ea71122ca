// Whether two versions of a topic differ noticeably: a text, a state, a number that moved far enough, a sentence.
#pragma once

#include <string_view>

namespace volt {

/// Whether the JSON object `now` differs from `before` enough for a message. Timestamps, ages and remaining times do not
/// count; a number counts from 1 %, 10 W, 0.01 V, 0.1 A or 0.1 °C; a sentence by its words and numbers. Both are as voltd
/// writes them: without spaces, keys in the same order. Allocates nothing.
bool noticed(std::string_view before, std::string_view now);

}  // namespace volt
