// Characters forbidden in names: they are invisible, or change the display of the text around them.
#pragma once

#include <string>
#include <string_view>

namespace volt {

/// Returns true if UTF-8 text contains a control character (C0, DEL, C1), a zero-width or bidirectional mark, a line or paragraph
/// separator, or a byte order mark.
bool has_hidden(std::string_view text);

/// Names a misleading character, as in "ends with a no-break space (U+00A0)": hidden characters, blanks of any kind at the ends,
/// curly quotes around the text. Empty if there is none.
std::string odd_character_of(std::string_view text);

/// Returns the text with each of them replaced by `by`, for terminals and messages.
std::string without_hidden(std::string_view text, char by);

}  // namespace volt
