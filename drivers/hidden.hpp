// Characters that a name must not contain: they are invisible, or change how the text around them is displayed.
#pragma once

#include <string>
#include <string_view>

namespace volt {

/// Whether UTF-8 text holds a control character (C0, DEL, C1), a zero-width or bidirectional mark, a line or paragraph
/// separator, or a byte order mark.
bool has_hidden(std::string_view text);

/// The same text with each of them replaced by `by`, for terminals and messages.
std::string without_hidden(std::string_view text, char by);

}  // namespace volt
