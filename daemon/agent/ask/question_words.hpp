// A question as words to compare: stems, and what kind of question it is. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace volt::agent {

/// What stands in a question for a load or a room that was found by its name.
inline constexpr const char* load_mark = "{load}";

/// The words of a text in lower case; `isn't` is two: is, not.
std::vector<std::string> plain_words(const std::string& text);
/// Words without those that each question has, reduced to their stems, one for all that mean the same.
std::set<std::string> compared_words(const std::vector<std::string>& words);
/// Of one word: `miners` and `miner` are the same.
std::string stem_of(std::string word);
/// The stems of words that are separated by blanks.
std::set<std::string> stems_in(const char* words);
/// Whether the word is one that each question may have, such as `the`.
bool is_filler(const std::string& word);

/// Why, when, who …; two questions of different kinds are never near to each other.
std::string kind_of_question(const std::vector<std::string>& words);
/// Whether it asks about what was.
bool asks_about_past(const std::vector<std::string>& words);
/// Whether it asks about what will be.
bool asks_about_future(const std::vector<std::string>& words);
/// `what has … been`, `has it run`: whether it asks about what has been.
bool asks_what_has_been(const std::vector<std::string>& words);
/// `at what voltage`, `from how many degrees`: it asks for a setting.
bool asks_for_threshold(const std::vector<std::string>& words);
/// `turn off …`, `please set …`: it asks to act, which nothing here does.
bool asks_to_act(const std::vector<std::string>& words);
/// `what is a …`, `how do I …`: a question to the manual.
bool asks_the_manual(const std::vector<std::string>& words);

}  // namespace volt::agent
