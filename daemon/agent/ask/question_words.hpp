// A question as words to compare: stems, what kind of question it is, a span of time. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace volt::agent {

/// What stands in a question for a load or a room that was found by its name, and for a span of time.
inline constexpr const char *load_mark = "{load}", *span_mark = "{span}";

/// `{"pv", "solar"}`: each first word is read as the second one.
using SameWords = std::map<std::string, std::string>;

/// The words of a text in lower case; `isn't` is two: is, not.
std::vector<std::string> plain_words(const std::string& text);
/// Words without those that each question has, reduced to their stems.
std::set<std::string> compared_words(const std::vector<std::string>& words, const SameWords& same);
/// Of one word: `miners` and `miner` are the same.
std::string stem_of(std::string word);
/// Whether the word is one that each question may have, such as `the`.
bool is_filler(const std::string& word);

/// Why, when, who …; two questions of different kinds are never near to each other.
std::string kind_of_question(const std::vector<std::string>& words);
/// Whether it asks about what was.
bool asks_about_past(const std::vector<std::string>& words);
/// `turn off …`, `please set …`: it asks to act, which nothing here does.
bool asks_to_act(const std::vector<std::string>& words);
/// `what is a …`, `how do I …`: a question to the manual.
bool asks_the_manual(const std::vector<std::string>& words);

/// A span of time that a question names, as arguments of voltctl.
struct AskedSpan {
    std::string from{}, to{};  ///< local times; empty `from`: `last` is given
    std::string last{};        ///< `3d`
    bool named = false;
};
/// Finds a span (today, yesterday, last night, this morning, this week, last 3 days, since 6:00) and puts `{span}` in its place. `today` is
/// the site's date, such as 2025-06-21.
AskedSpan take_span(std::vector<std::string>& words, const std::string& today);

}  // namespace volt::agent
