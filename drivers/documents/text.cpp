#include "drivers/documents/text.hpp"

#include <algorithm>
#include <cstdint>

#include "drivers/hidden.hpp"

namespace volt::documents {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

/// Returns the number of bytes of the UTF-8 character at the start of `text`, or 0 if there is none.
std::size_t bytes_of_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto rest = [&](std::size_t from, std::size_t count) {
        for (std::size_t i = from; i < from + count; ++i)
            if ((byte(i) & 0xC0U) != 0x80U) return false;
        return true;
    };
    const unsigned first = byte(0), second = byte(1);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return rest(1, 1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F);  // overlong, surrogate
        return !wrong && rest(1, 2) ? 3 : 0;
    }
    if (first < 0xF0 || first > 0xF4) return 0;
    const bool wrong = (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    return !wrong && rest(1, 3) ? 4 : 0;
}

void append_character(std::string& text, std::uint32_t code) {
    const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += static_cast<char>(0xC0U | (code >> 6U));
        tail(0);
    } else if (code < 0x10000) {
        text += static_cast<char>(0xE0U | (code >> 12U));
        tail(6), tail(0);
    } else {
        text += static_cast<char>(0xF0U | (code >> 18U));
        tail(12), tail(6), tail(0);
    }
}

DecodedText of_utf16(std::string_view bytes, bool big) {
    DecodedText result;
    const auto unit = [&](std::size_t at) -> std::uint32_t {
        const std::uint32_t first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
        return big ? first << 8U | second : second << 8U | first;
    };
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        std::uint32_t code = unit(at);
        if (code >= 0xD800 && code <= 0xDFFF) {
            const std::uint32_t low = code < 0xDC00 && at + 3 < bytes.size() ? unit(at + 2) : 0;
            const bool pair = low >= 0xDC00 && low <= 0xDFFF;
            result.replaced += pair ? 0 : 2;
            code = pair ? 0x10000U + ((code - 0xD800U) << 10U) + (low - 0xDC00U) : 0xFFFDU;
            at += pair ? 2 : 0;
        }
        append_character(result.text, code);
    }
    return result;
}

std::size_t ascii_bytes(std::string_view text) {
    const auto is_ascii = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_ascii) - text.begin());
}

DecodedText of_utf8(std::string_view bytes) {
    DecodedText result;
    while (!bytes.empty()) {
        const std::size_t plain = ascii_bytes(bytes), length = plain > 0 ? plain : bytes_of_character(bytes);
        result.text += length > 0 ? bytes.substr(0, length) : replacement;
        result.replaced += length > 0 ? 0 : 1;
        bytes.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

bool is_control(char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return (code < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f') || code == 0x7F;
}

/// Replaces the marks of a match (U+E000, U+E001), which are EE 80 80 and EE 80 81.
void blank_marks(std::string& text) {
    for (std::size_t at = text.find("\xee\x80"); at != std::string::npos; at = text.find("\xee\x80", at + 1))
        if (at + 2 < text.size() && (text[at + 2] == '\x80' || text[at + 2] == '\x81')) text.replace(at, 3, " ");
}

std::string clean_lines(std::string_view text) {
    std::string cleaned;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (has_hidden(line)) cleaned += without_hidden(line, ' ');
        else cleaned += line;
        if (end < text.size()) cleaned += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    blank_marks(cleaned);
    return cleaned;
}

}  // namespace

bool has_characters_of_text(std::string_view text) {
    const auto controls = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_control));
    return controls * characters_per_control <= text.size();
}

std::optional<DecodedText> decode_text(std::string_view bytes) {
    DecodedText decoded;
    if (bytes.starts_with("\xff\xfe")) decoded = of_utf16(bytes.substr(2), false);
    else if (bytes.starts_with("\xfe\xff")) decoded = of_utf16(bytes.substr(2), true);
    else decoded = of_utf8(bytes.starts_with("\xef\xbb\xbf") ? bytes.substr(3) : bytes);
    if (!has_characters_of_text(decoded.text)) return std::nullopt;
    decoded.text = clean_lines(decoded.text);
    return decoded;
}

std::string clean_text(std::string_view text, bool one_line) {
    std::string cleaned = clean_lines(of_utf8(text).text);
    if (one_line) std::replace(cleaned.begin(), cleaned.end(), '\n', ' ');
    return cleaned;
}

bool is_valid_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t length = bytes_of_character(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string without_runs(std::string_view text) {
    std::string result;
    std::size_t newlines = 0;
    bool blank = false;
    for (const char byte : text) {
        if (byte == '\n') {
            ++newlines;
        } else if (byte == ' ' || byte == '\t') {
            blank = true;
        } else {
            if (newlines > 0 && !result.empty()) result.append(std::min<std::size_t>(newlines, 2), '\n');
            else if (blank && !result.empty()) result += ' ';
            newlines = 0;
            blank = false;
            result += byte;
        }
    }
    return result;
}

}  // namespace volt::documents
