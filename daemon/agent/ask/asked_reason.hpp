// Reason of a decision that a question names. Pure.
#pragma once

#include <string>
#include <vector>

namespace volt::agent {

/// Removes `because of low voltage`, `due to the schedule`, `by the night budget` from the words. Returns voltd's name of the
/// reason, or an empty string.
std::string take_reason(std::vector<std::string>& words);

}  // namespace volt::agent
