// The questions that each passage of the manual answers, as owners ask them: a search finds the passage by them.
#pragma once

#include <string>
#include <string_view>

namespace volt::ctl {

/// Adds lines `Answers: …` to a page of the manual: directly below a heading, or at the end of the paragraph that has the anchor.
/// `questions` has a heading `## PAGE` for each page and a line ``- `ANCHOR`: questions`` for each passage; a heading is anchored whole, with
/// its marks but without what is in brackets. Throws std::runtime_error for an anchor that the page has not, or twice. Pure.
std::string with_answers(const std::string& markdown, std::string_view page, const std::string& questions);

}  // namespace volt::ctl
