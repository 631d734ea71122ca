#include "drivers/hidden.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace volt {

namespace {

struct Range {
    std::uint32_t first, last;
};
constexpr std::array<Range, 10> hidden = {{{0x00, 0x1F},
                                           {0x7F, 0x9F},
                                           {0xAD, 0xAD},
                                           {0x061C, 0x061C},
                                           {0x180E, 0x180E},
                                           {0x200B, 0x200F},
                                           {0x2028, 0x202E},
                                           {0x2060, 0x2064},
                                           {0x2066, 0x2069},
                                           {0xFEFF, 0xFEFF}}};
constexpr std::array<Range, 7> blank = {
    {{0x20, 0x20}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}}};
constexpr std::array<Range, 1> curly_quote = {{{0x2018, 0x201F}}};
constexpr std::size_t most_bytes = 3;  // longest of them in UTF-8

struct Character {
    std::uint32_t code = 0;
    std::size_t bytes = 1;
};

/// Decodes the character at `at` if it may be a hidden one. Any other byte counts as one visible character.
Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    if ((byte(0) & 0xE0U) == 0xC0U && follows(1)) return {(byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU), 2};
    if ((byte(0) & 0xF0U) == 0xE0U && follows(1) && follows(2))
        return {(byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU), most_bytes};
    return {byte(0) < 0x80U ? byte(0) : 0xFFFFU, 1};
}

template <std::size_t count>
bool is_in(std::uint32_t code, const std::array<Range, count>& ranges) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range& it) { return code >= it.first && code <= it.last; });
}

bool is_hidden(std::uint32_t code) {
    if (code >= 0x20 && code < 0x7F) return false;  // most text takes this path
    return is_in(code, hidden);
}

std::string name_of(std::uint32_t code) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string number = "U+";
    for (int shift = 12; shift >= 0; shift -= 4) number += digits[code >> shift & 0xF];
    if (code == ' ') return "a space";
    if (code == 0xA0) return "a no-break space (" + number + ")";
    if (code == 0xAD) return "a soft hyphen (" + number + ")";
    if (is_in(code, blank)) return "a wide or narrow space (" + number + ")";
    if (is_in(code, curly_quote)) return "a curly quote (" + number + ")";
    return "an invisible character (" + number + ")";
}

}  // namespace

bool has_hidden(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const Character next = character_at(text, at);
        if (is_hidden(next.code)) return true;
        at += next.bytes;
    }
    return false;
}

std::string odd_character_of(std::string_view text) {
    std::string inside;
    Character first, last;
    for (std::size_t at = 0; at < text.size();) {
        const Character next = character_at(text, at);
        if (at == 0) first = next;
        last = next;
        if (inside.empty() && is_hidden(next.code)) inside = "contains " + name_of(next.code);
        at += next.bytes;
    }
    const auto odd = [](std::uint32_t code) { return is_hidden(code) || is_in(code, blank) || is_in(code, curly_quote); };
    if (text.empty()) return {};
    if (odd(first.code)) return "begins with " + name_of(first.code);
    return odd(last.code) ? "ends with " + name_of(last.code) : inside;
}

std::string without_hidden(std::string_view text, char by) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const Character next = character_at(text, at);
        if (is_hidden(next.code)) result += by;
        else result += text.substr(at, next.bytes);
        at += next.bytes;
    }
    return result;
}

}  // namespace volt
