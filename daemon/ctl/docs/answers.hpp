// The questions that each command answers, as people ask them: in the manual as Markdown, where a search finds the command by them.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace volt::ctl {

/// A command (`prefs show`) and its questions; it may be one that has commands below it.
using CommandAnswers = std::pair<const char*, const char*>;
std::vector<CommandAnswers> command_answers();

/// Adds a line `Answers: …` below the heading of each command of voltctl(1) as Markdown, with those of the commands below it. Pure.
std::string with_answers(const std::string& markdown);

}  // namespace volt::ctl
