// Manual page as Markdown. Supports only the troff that our pages use. Pure: returns text.
#pragma once

#include <string>

namespace volt::ctl {

/// Returns the page as Markdown. A page about a file (section 5) has a heading for each key. Supports the requests that our pages
/// use: .TH .SH .SS .PP .TP .B .I .BR .RB .IR .BI .br .RS .RE .nf .fi and comments. Throws std::runtime_error for any other.
std::string markdown_of(const std::string& page);

}  // namespace volt::ctl
