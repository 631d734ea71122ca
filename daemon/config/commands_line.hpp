// The one scalar `control.commands` of voltd.yaml, changed in its text: every other byte stays.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/problem.hpp"

namespace volt {

/// A line without its comment and carriage return.
std::string_view without_comment(std::string_view line);

/// `live` or `shadow` in a line that sets `commands`, and where it stands.
struct CommandsWord {
    std::size_t begin = 0, length = 0;  ///< in the line, without quotes
    bool live = false;
};
/// Of a single line, however bad the rest of the file is. Comments do not count; a line of more than 1024 characters has none.
std::vector<CommandsWord> commands_words(std::string_view line);

/// The text as it would be, or why it stays.
struct CommandsEdit {
    std::string text;                ///< unchanged where there is a problem, or nothing to change
    std::optional<Problem> problem;  ///< with the line to edit by hand
    int line = 0;                    ///< that was changed; 0: none
};

/// `commands: live` in a valid file whose `control.commands` is one plain word on its line. `file` names it in the problem.
CommandsEdit to_live(std::string_view text, const std::string& file);

/// `commands: shadow`, in a file with other mistakes too: then in each line that sets it to live. A file that does not set it gets
/// one line more; a value below its key goes to the key's line. Without a problem, bare_words() of the text finds shadow.
CommandsEdit to_shadow(std::string_view text, const std::string& file);

}  // namespace volt
