// Suggestions after an unknown name: the known ones, the most likely first.
#pragma once

#include <string>
#include <vector>

namespace volt::ctl {

/// The known names, the nearest to `word` first where one is near; the others keep their order.
std::vector<std::string> nearest_first(const std::string& word, std::vector<std::string> known);

/// "; choose from: a b c", the nearest first, at most most_known; empty if there are none.
std::string choose_from(const std::string& word, const std::vector<std::string>& known);

/// "; did you mean 'status'?" for a word close to a known one, else as choose_from().
std::string did_you_mean(const std::string& word, const std::vector<std::string>& known);

inline constexpr std::size_t most_known = 40;

}  // namespace volt::ctl
