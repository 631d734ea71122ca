// Whether two versions of a topic differ noticeably: a text, a state, a number that moved far enough, a sentence.
#pragma once

#include <string>

namespace volt {

/// Whether the JSON object `now` says anything that is worth a message after `before`. Times of the turn, ages and times
/// left are not; a number is from 1 %, 10 W, 0.01 V, 0.1 A and 0.1 °C on; a sentence is by its words and its numbers.
bool noticed(const std::string& before, const std::string& now);

}  // namespace volt
