// Bytes of a foreign file as valid UTF-8 without control characters. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace volt::documents {

struct DecodedText {
    std::string text;          ///< valid UTF-8; lines end with \n as in the file, and no line is added or lost
    std::size_t replaced = 0;  ///< bytes that were no UTF-8; each stands as U+FFFD
};

/// More control characters than one in so many: the file is not text.
inline constexpr std::size_t characters_per_control = 100;

bool has_characters_of_text(std::string_view text);

/// UTF-16 where a byte order mark says so, else UTF-8. Control characters, invisible ones and U+E000, U+E001 (which mark what a search
/// found) become blanks. Nothing: the file is not text.
std::optional<DecodedText> decode_text(std::string_view bytes);

/// The same of text that is meant to be UTF-8 already, whatever is in it; with \n as a blank too where `one_line`.
std::string clean_text(std::string_view text, bool one_line = false);

/// Whether all of it is UTF-8.
bool is_valid_utf8(std::string_view bytes);

/// Runs of blanks as one, none at the ends of a line; at most one empty line between others.
std::string without_runs(std::string_view text);

}  // namespace volt::documents
