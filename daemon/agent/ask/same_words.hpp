// Words and phrases that mean the same in a question about the site, and words that each question may have.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace volt::agent {

/// By stem: `panel` is read as `solar`.
const std::map<std::string, std::string>& same_words();

/// Stems in a row, and the word that is read in their place; the longer ones first.
using SamePhrase = std::pair<std::vector<std::string>, std::string>;
const std::vector<SamePhrase>& same_phrases();

/// Words that each question may have, such as `the`.
const std::set<std::string>& filler_words();

}  // namespace volt::agent
