// The project's own manual: Markdown files beside the program. The files are the truth; a citation is one that any editor opens.
#pragma once

#include <map>
#include <string>

namespace volt::agent {

inline constexpr std::size_t most_manual_pages = 64, most_page_bytes = std::size_t{512} * 1024;

/// Reads the pages of a folder: `alarms.md` …, with their texts; without a folder there are none.
std::map<std::string, std::string> manual_pages_in(const std::string& folder);

/// The folder of the installation, or of the build directory; empty: there is none.
const std::string& manual_folder();
/// Its pages, read once.
const std::map<std::string, std::string>& built_in_manual();

/// A text of the manual without its lines `Answers: …`: a search finds a passage by them, a reader has no use for them.
std::string without_questions(const std::string& text);

}  // namespace volt::agent
