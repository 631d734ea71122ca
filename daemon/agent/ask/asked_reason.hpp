// The reason of a decision that a question names. Pure.
#pragma once

#include <string>
#include <vector>

namespace volt::agent {

/// Takes `because of low voltage`, `due to the schedule`, `by the night budget` out of the words; the reason as voltd calls it, or nothing.
std::string take_reason(std::vector<std::string>& words);

}  // namespace volt::agent
