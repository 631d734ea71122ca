// Characters that a name must not contain: they are invisible, or change how the text around them is displayed.
#pragma once

#include <string>
#include <string_view>

namespace volt {

/// Whether UTF-8 text holds a control character (C0, DEL, C1), a zero-width or bidirectional mark, a line or paragraph
/// separator, or a byte order mark.
bool has_hidden(std::string_view text);

/// Names what looks like nothing, or like something else, at an end of the text or invisible inside it, as in "ends with a no-break
/// space (U+00A0)": hidden characters, blanks of any kind at the ends, curly quotes around it. Empty: nothing.
std::string odd_character_of(std::string_view text);

/// The same text with each of them replaced by `by`, for terminals and messages.
std::string without_hidden(std::string_view text, char by);

}  // namespace volt
