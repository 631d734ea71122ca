// The series that a question names, such as the sun, or the sun and the consumption. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace volt::agent {

/// The series of a question over time, by its words as they stand and as they are compared: all where it compares some, else one. Nothing: it
/// names none, or something else beside. `over_time`: it names a span or asks about what was.
std::vector<std::string> asked_series(const std::vector<std::string>& words, const std::set<std::string>& compared,
                                      bool over_time);

}  // namespace volt::agent
