// Removal of the marks inside and around the numbers of a text. Pure.
#pragma once

#include <cstddef>
#include <string>

namespace volt::agent {

/// Removes the marks of Markdown, HTML and LaTeX, and uses plain blanks, dashes and digits. Keeps an asterisk between digits and
/// an underscore inside a name.
std::string plain_numbers(const std::string& text);
bool is_digit_at(const std::string& text, std::size_t at);

}  // namespace volt::agent
