// Words and phrases with the same meaning in a question about the site, and filler words.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace volt::agent {

/// Returns synonyms by stem: `panel` is read as `solar`.
const std::map<std::string, std::string>& same_words();

/// Consecutive stems, and the word that replaces them. Longer ones come first.
using SamePhrase = std::pair<std::vector<std::string>, std::string>;
const std::vector<SamePhrase>& same_phrases();

/// Returns filler words that any question may have, such as `the`.
const std::set<std::string>& filler_words();

}  // namespace volt::agent
