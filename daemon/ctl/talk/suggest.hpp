// Suggestions after an unknown name: the known ones, the most likely first.
#pragma once

#include <string>
#include <vector>

namespace volt::ctl {

/// Returns the known names with the nearest to `word` first, if one is near. The others keep their order.
std::vector<std::string> nearest_first(const std::string& word, std::vector<std::string> known);

/// Returns "; choose from: a b c", nearest first, at most most_known, or an empty string if there are none.
std::string choose_from(const std::string& word, const std::vector<std::string>& known);

/// Returns "; did you mean 'status'?" for a word close to a known one, else the result of choose_from().
std::string did_you_mean(const std::string& word, const std::vector<std::string>& known);

inline constexpr std::size_t most_known = 40;

}  // namespace volt::ctl
