#include "drivers/hidden.hpp"

#include <array>
#include <cstdint>

namespace volt {

namespace {

struct Range {
    std::uint32_t first, last;
};
constexpr std::array<Range, 6> hidden = {
    {{0x00, 0x1F}, {0x7F, 0x9F}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}}};
constexpr std::size_t most_bytes = 3;  // of one of them in UTF-8

struct Character {
    std::uint32_t code = 0;
    std::size_t bytes = 1;
};

/// Decodes the character at `at` if it may be a hidden one; any other byte counts as one visible character.
Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    if ((byte(0) & 0xE0U) == 0xC0U && follows(1)) return {(byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU), 2};
    if ((byte(0) & 0xF0U) == 0xE0U && follows(1) && follows(2))
        return {(byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU), most_bytes};
    return {byte(0) < 0x80U ? byte(0) : 0xFFFFU, 1};
}

bool is_hidden(std::uint32_t code) {
    if (code >= 0x20 && code < 0x7F) return false;  // most of any text
    for (const Range& range : hidden)
        if (code >= range.first && code <= range.last) return true;
    return false;
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
