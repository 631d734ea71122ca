// Command line as a tree. Completion and the manual page use it, so that both match --help. Omits hidden commands.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace volt::ctl {

/// Returns the visible commands of `app`, in the order of --help.
std::vector<const CLI::App*> commands_of(const CLI::App& app);
/// Returns its named options (`--json`) without --help, or its arguments.
std::vector<const CLI::Option*> options_of(const CLI::App& app);
std::vector<const CLI::Option*> arguments_of(const CLI::App& app);

/// Returns the path after `voltctl`: "miners set", or an empty string for the program itself.
std::string path_of(const CLI::App& app);
/// Returns the placeholder of a value: `FILE`, `SECONDS`, or an empty string for a flag.
std::string value_name(const CLI::Option& option);
/// Returns the allowed values, if there are only a few.
std::vector<std::string> value_words(const CLI::Option& option);

/// Gives each command without a footer the examples of its parent commands that show it.
void hand_down_examples(CLI::App& app);

}  // namespace volt::ctl
