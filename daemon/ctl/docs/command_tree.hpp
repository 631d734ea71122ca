// The command line as a tree: completion and the manual page are made from it, so that both match --help. Hidden commands
// are omitted.
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

/// The path after `voltctl`: "miners set"; empty for the program itself.
std::string path_of(const CLI::App& app);
/// The placeholder of a value: `FILE`, `SECONDS`; empty for a flag.
std::string value_name(const CLI::Option& option);
/// The allowed values, if there are only a few.
std::vector<std::string> value_words(const CLI::Option& option);

/// Gives each command without a footer of its own the examples of those above it that show it.
void hand_down_examples(CLI::App& app);

}  // namespace volt::ctl
