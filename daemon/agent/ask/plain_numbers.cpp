#include "daemon/agent/ask/plain_numbers.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>
#include <utility>

namespace volt::agent {

namespace {

/// Maximum length of a tag.
constexpr std::size_t most_tag_bytes = 30;

bool is_letter_at(const std::string& text, std::size_t at) {
    return at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) != 0;
}

bool is_name_at(const std::string& text, std::size_t at) { return is_digit_at(text, at) || is_letter_at(text, at); }

/// Marks that a text may have between a number and its unit, as blanks, dashes or nothing. The first match counts.
constexpr std::pair<std::string_view, std::string_view> plain_marks[] = {
    {"\t", " "},      {"\r\n", "\n"},    {"\r", "\n"},
    {"\u2028", "\n"}, {"\u00a0", " "},   {"\u202f", " "},
    {"\u205f", " "},  {"\u3000", " "},   {"~", " "},
    {"\u2248", " "},  {"\u2010", "-"},   {"\u2011", "-"},
    {"\u2060", ""},   {"\ufeff", ""},    {"\u00b7", ""},
    {"\u00ad", ""},   {"\u066b", "."},   {"\u2126", "\u03a9"},
    {"&nbsp;", " "},  {"&thinsp;", " "}, {"&shy;", ""},
    {"&deg;", "°"},   {"$", ""},         {"^{\\circ}", "°"},
    {"^\\circ", "°"}, {"\\degree", "°"}, {"\\Omega", "\u03a9"},
    {"\\quad", " "},  {"\\,", " "},      {"\\;", " "},
    {"\\:", " "},     {"\\ ", " "},      {"\\!", ""},
    {"\\(", ""},      {"\\)", ""},       {"\\[", ""},
    {"\\]", ""},      {"\\", ""},        {"{", ""},
    {"}", ""}};

/// Replacement for the `length` bytes at a position. None means that the byte remains.
struct PlainMark {
    std::size_t length = 0;
    std::string instead{};
};

/// Replaces an HTML tag. A tag that begins a cell or line becomes a blank. A tag with a number is kept, because a terminal shows
/// it.
PlainMark html_tag_at(const std::string& text, std::size_t at) {
    std::size_t end = text.compare(at + 1, 1, "/") == 0 ? at + 2 : at + 1;
    if (!is_letter_at(text, end)) return {};
    const std::size_t name = end;
    for (; end < text.size() && end - at < most_tag_bytes && text[end] != '>'; ++end)
        if (text[end] == '<' || (is_digit_at(text, end) && !is_name_at(text, end - 1))) return {};
    if (text.compare(end, 1, ">") != 0) return {};
    for (const std::string_view apart : {"br", "td", "th", "tr", "li", "p", "div"})
        if (text.compare(name, apart.size(), apart) == 0 && !is_name_at(text, name + apart.size())) return {end + 1 - at, " "};
    return {end + 1 - at, ""};
}

/// Replaces a LaTeX command with a brace, such as \text{
PlainMark latex_command_at(const std::string& text, std::size_t at) {
    std::size_t end = at + 1;
    while (end - at < most_tag_bytes && is_letter_at(text, end)) ++end;
    return end > at + 1 && text.compare(end, 1, "{") == 0 ? PlainMark{end + 1 - at, ""} : PlainMark{};
}

/// Replaces a full-width or Arabic digit.
PlainMark digit_at(const std::string& text, std::size_t at) {
    for (const auto& [begin, zero] : {std::pair<std::string_view, int>{"\xef\xbc", 0x90}, {"\xd9", 0xa0}, {"\xdb", 0xb0}}) {
        const std::size_t last = at + begin.size();
        const int digit = last < text.size() ? static_cast<unsigned char>(text[last]) - zero : -1;
        if (digit >= 0 && digit <= 9 && text.compare(at, begin.size(), begin) == 0)
            return {begin.size() + 1, std::string(1, static_cast<char>('0' + digit))};
    }
    return {};
}

PlainMark plain_mark_at(const std::string& text, std::size_t at) {
    PlainMark found = text[at] == '<'    ? html_tag_at(text, at)
                      : text[at] == '\\' ? latex_command_at(text, at)
                                         : digit_at(text, at);
    if (found.length > 0) return found;
    const auto begins = [&](const auto& it) { return text.compare(at, it.first.size(), it.first) == 0; };
    const auto* const plain = std::find_if(std::begin(plain_marks), std::end(plain_marks), begins);
    if (plain != std::end(plain_marks)) return {plain->first.size(), std::string(plain->second)};
    // U+2000 to U+200A are blanks of some width; U+200B to U+200F have no width.
    if (text.compare(at, 2, "\xe2\x80") == 0 && at + 2 < text.size() && static_cast<unsigned char>(text[at + 2]) < 0x90)
        return {3, static_cast<unsigned char>(text[at + 2]) <= 0x8a ? " " : ""};
    const bool inner = at > 0 && is_name_at(text, at - 1) && is_name_at(text, at + 1);
    const bool product = at > 0 && is_digit_at(text, at - 1) && is_digit_at(text, at + 1);
    const bool mark = ((text[at] == '*' || text[at] == '`') && !product) || (text[at] == '_' && !inner);
    return {mark ? std::size_t{1} : 0, ""};
}

}  // namespace

bool is_digit_at(const std::string& text, std::size_t at) {
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
}

std::string plain_numbers(const std::string& text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const PlainMark mark = is_name_at(text, at) || text[at] == ' ' ? PlainMark{} : plain_mark_at(text, at);
        const std::size_t next = at + std::max<std::size_t>(mark.length, 1);
        if (mark.length == 0) plain += text[at];
        // Keep a number separate from the name before it: at`61` V
        else if (mark.instead.empty() && !plain.empty() && is_letter_at(plain, plain.size() - 1) && is_digit_at(text, next))
            plain += ' ';
        else plain += mark.instead;
        at = next;
    }
    return plain;
}

}  // namespace volt::agent
