// Series that a question names, such as the sun, or the sun and the consumption. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace volt::agent {

/// Returns the series of a question over time, by its original and compared words: all if it compares some, else one. Returns
/// none if it names none, or also something else. `over_time`: it names a time span or asks about the past.
std::vector<std::string> asked_series(const std::vector<std::string>& words, const std::set<std::string>& compared,
                                      bool over_time);

}  // namespace volt::agent
