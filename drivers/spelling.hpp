// Finds the nearest known name for a misspelled one.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace volt {

/// Returns the number of insertions, deletions, replacements and swaps of neighbors that turn `a` into `b`, ignoring case.
std::size_t edit_distance(const std::string& a, const std::string& b);

/// Returns the known name nearest to `word`, within a third of its length (at least 2); else one that begins with it. Empty if
/// there is none, or for more than 64 characters.
std::optional<std::string> nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace volt
