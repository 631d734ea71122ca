// More questions to the commands of manual/commands.md, which the matcher knows and a reader of the page does not need.
#pragma once

namespace volt::agent {

/// In the form of the page: the heading of a command as it stands there, and questions behind `Answers:`.
extern const char* const command_examples;

}  // namespace volt::agent
