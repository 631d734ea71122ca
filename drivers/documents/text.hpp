// Converts bytes of a foreign file to valid UTF-8 without control characters. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace volt::documents {

struct DecodedText {
    std::string text;          ///< valid UTF-8; lines end with \n as in the file, and no line is added or lost
    std::size_t replaced = 0;  ///< bytes that were not UTF-8, each replaced by U+FFFD
};

/// Ratio that makes a file binary: more control characters than one in this many.
inline constexpr std::size_t characters_per_control = 100;

bool has_characters_of_text(std::string_view text);

/// Decodes UTF-16 if it has a byte order mark, else UTF-8. Control characters, invisible ones and U+E000, U+E001 (which mark
/// search matches) become blanks. Empty if the file is not text.
std::optional<DecodedText> decode_text(std::string_view bytes);

/// Cleans text that should already be UTF-8; with `one_line`, \n becomes a blank too.
std::string clean_text(std::string_view text, bool one_line = false);

/// Returns true if all bytes are valid UTF-8.
bool is_valid_utf8(std::string_view bytes);

/// Replaces runs of blanks by one, removes them at the ends of lines, and keeps at most one empty line between others.
std::string without_runs(std::string_view text);

}  // namespace volt::documents
