// What to say after an unknown name: the names there are, the one that was most likely meant first.
#pragma once

#include <string>
#include <vector>

namespace volt::ctl {

/// The known names, the nearest to `word` first where one is near; the others keep their order.
std::vector<std::string> nearest_first(const std::string& word, std::vector<std::string> known);

/// "; there are: a b c", the nearest first, at most most_known; empty where there are none.
std::string there_are(const std::string& word, const std::vector<std::string>& known);

inline constexpr std::size_t most_known = 40;

}  // namespace volt::ctl
