// The project's own manual: Markdown files beside the program. The files are the source, so any editor can open a citation.
#pragma once

#include <map>
#include <string>

namespace volt::agent {

inline constexpr std::size_t most_manual_pages = 64, most_page_bytes = std::size_t{512} * 1024;

/// Reads the pages of a folder: `alarms.md` …, with their texts. Returns none if there is no folder.
std::map<std::string, std::string> manual_pages_in(const std::string& folder);

/// Returns the folder of the installation or of the build directory, or an empty string if there is none.
const std::string& manual_folder();
/// Returns its pages, read once.
const std::map<std::string, std::string>& built_in_manual();

/// Returns a manual text without its lines `Answers: …`, which are for the search, not for a reader.
std::string without_questions(const std::string& text);

}  // namespace volt::agent
