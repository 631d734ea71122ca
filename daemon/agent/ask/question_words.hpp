// Words of a question for comparison: stems, and the kind of question. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace volt::agent {

/// Placeholder for a load or room that was found by its name.
inline constexpr const char* load_mark = "{load}";

/// Returns the words of a text in lower case. `isn't` is two: is, not.
std::vector<std::string> plain_words(const std::string& text);
/// Removes filler words and reduces the rest to stems, with one stem for all words of the same meaning.
std::set<std::string> compared_words(const std::vector<std::string>& words);
/// Returns the stem of one word: `miners` and `miner` are the same.
std::string stem_of(std::string word);
/// Returns the stems of words separated by blanks.
std::set<std::string> stems_in(const char* words);
/// Returns true for a filler word that any question may have, such as `the`.
bool is_filler(const std::string& word);

/// Returns the kind: why, when, who …. Two questions of different kinds are never similar.
std::string kind_of_question(const std::vector<std::string>& words);
/// Returns true if it asks about the past.
bool asks_about_past(const std::vector<std::string>& words);
/// Returns true if it asks about the future.
bool asks_about_future(const std::vector<std::string>& words);
/// Returns true for `what has … been`, `has it run`: what has happened.
bool asks_what_has_been(const std::vector<std::string>& words);
/// Returns true for `at what voltage`, `from how many degrees`: it asks for a setting.
bool asks_for_threshold(const std::vector<std::string>& words);
/// Returns true for `turn off …`, `please set …`: a request to act, which no command here does.
bool asks_to_act(const std::vector<std::string>& words);
/// Returns true for `what is a …`, `how do I …`: a question for the manual.
bool asks_the_manual(const std::vector<std::string>& words);

}  // namespace volt::agent
