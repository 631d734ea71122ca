// Command line during parsing: the options of all commands, and the job that the given command becomes.
#pragma once

#include <functional>
#include <string>

#include "daemon/ctl/talk/address.hpp"

// Forward declaration. Only files that add commands include the library, because it takes long to compile.
namespace CLI {
class App;
}

namespace volt::ctl {

/// Command line during parsing.
struct Program {
    CLI::App& app;
    AddressOptions address{};     ///< --config, --url, --token-file
    std::string colour = "auto";  ///< --color
    bool json = false;            ///< --json of the given command
    std::function<int()> job{};   ///< runs the given command; returns the exit code
};

/// Adds a command that only shows, with `--json`.
CLI::App* add_shown(CLI::App& parent, Program& program, const char* name, const char* what);

/// Adds a command without `--json`.
CLI::App* add_plain(CLI::App& parent, const char* name, const char* what);

/// Runs `command` if this part of the command line is given.
void on(CLI::App* part, Program& program, std::function<int()> command);

}  // namespace volt::ctl
