// Where the commands that work on the database find it: `--database FILE`, else what the configuration names.
#pragma once

#include <optional>
#include <string>

#include "daemon/ctl/program.hpp"

namespace volt::ctl {

/// What the command line says about the database; `config` is `--config` of the whole program.
struct DatabaseChoice {
    std::optional<std::string> database;
};

/// Adds `--database FILE` to a command (or a group of commands whose parts fall through).
void add_database_option(CLI::App& command, DatabaseChoice& options);

/// The path of the database: `--database`, else `database:` of the configuration (`--config`, else the usual file), else
/// the usual path where the usual configuration is not there. Says on stderr what is wrong with the configuration, and
/// returns nothing then. Whether the file is there is not looked at.
std::optional<std::string> find_database(const DatabaseChoice& options, const AddressOptions& address);

}  // namespace volt::ctl
