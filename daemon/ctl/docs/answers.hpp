// Questions that each passage of the manual answers, in the words of owners, so that a search finds the passage.
#pragma once

#include <string>
#include <string_view>

namespace volt::ctl {

/// Adds lines `Answers: …` to a page of the manual: directly below a heading, or at the end of the paragraph that has the anchor.
/// `questions` has a heading `## PAGE` for each page and a line ``- `ANCHOR`: questions`` for each passage. The anchor of a
/// heading is all of it, with its marks but without text in parentheses. Throws std::runtime_error for an anchor that the page
/// does not have, or has twice. Pure.
std::string with_answers(const std::string& markdown, std::string_view page, const std::string& questions);

}  // namespace volt::ctl
