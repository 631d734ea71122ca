// A manual page as Markdown: what troff source of our pages means, and no more of troff. Pure: text out.
#pragma once

#include <string>

namespace volt::ctl {

/// The page as Markdown; what describes a file (section 5) has a heading for each key. Knows the requests our pages use: .TH .SH .SS .PP .TP .B .I .BR .RB .IR .BI .br .RS .RE .nf .fi and
/// comments; throws std::runtime_error for any other.
std::string markdown_of(const std::string& page);

}  // namespace volt::ctl
