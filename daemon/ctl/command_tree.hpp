// The command line as a tree to look at: what completion and the manual page are made of, so that both tell what --help
// tells. Hidden commands are left out.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace volt::ctl {

/// The visible commands of `app`, in the order of --help.
std::vector<const CLI::App*> commands_of(const CLI::App& app);
/// Its options with names (`--json`), without --help; or its arguments.
std::vector<const CLI::Option*> options_of(const CLI::App& app);
std::vector<const CLI::Option*> arguments_of(const CLI::App& app);

/// The words after `voltctl`: "miners set"; empty for the program itself.
std::string path_of(const CLI::App& app);
/// What stands for a value: `FILE`, `SECONDS`; empty for a flag.
std::string value_name(const CLI::Option& option);
/// The words a value may be, where it is one of a few.
std::vector<std::string> value_words(const CLI::Option& option);

/// Gives each command without a footer of its own the examples of those above it that show it.
void hand_down_examples(CLI::App& app);

}  // namespace volt::ctl
