// A text without the marks that stand within and around its numbers. Pure.
#pragma once

#include <cstddef>
#include <string>

namespace volt::agent {

/// Without the marks of Markdown, HTML and LaTeX, and with plain blanks, dashes and digits. A star between digits, and a line within a
/// name, stay.
std::string plain_numbers(const std::string& text);
bool is_digit_at(const std::string& text, std::size_t at);

}  // namespace volt::agent
