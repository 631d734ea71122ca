// The nearest known word for a misspelled one.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace volt {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, case apart.
std::size_t edit_distance(const std::string& a, const std::string& b);

/// The known word nearest to `word`, within a third of its length (at least 2); else one that begins with it. Nothing
/// where there is none, or for words over 64 characters.
std::optional<std::string> nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace volt
