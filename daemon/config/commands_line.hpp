// Edits the scalar `control.commands` in the text of voltd.yaml. Every other byte is unchanged.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/problem.hpp"

namespace volt {

/// Returns the line without its comment and carriage return.
std::string_view without_comment(std::string_view line);

/// Position of `live` or `shadow` in a line that sets `commands`.
struct CommandsWord {
    std::size_t begin = 0, length = 0;  ///< in the line, without quotes
    bool live = false;
};
/// Returns the words of a single line, however bad the rest of the file is. Ignores comments and lines of more than 1024
/// characters.
std::vector<CommandsWord> commands_words(std::string_view line);

/// Edited text, or the reason it is unchanged.
struct CommandsEdit {
    std::string text;                ///< unchanged if there is a problem or nothing to change
    std::optional<Problem> problem;  ///< with the line to edit by hand
    int line = 0;                    ///< changed line, or 0 for none
};

/// Sets `commands: live` in a valid file whose `control.commands` is one plain word on its line. `file` names the file in the
/// problem.
CommandsEdit to_live(std::string_view text, const std::string& file);

/// Sets `commands: shadow`, even in a file with other mistakes: in each line that sets it to live. Adds a line to a file that
/// does not set it, and moves a value below its key to the key's line. If there is no problem, bare_words() of the text finds
/// shadow.
CommandsEdit to_shadow(std::string_view text, const std::string& file);

}  // namespace volt
