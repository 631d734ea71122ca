// Database of the commands that use one: `--database FILE`, else the one in the configuration.
#pragma once

#include <optional>
#include <string>

#include "daemon/ctl/talk/line.hpp"

namespace volt::ctl {

/// Database options of the command line. `config` is `--config` of the whole program.
struct DatabaseChoice {
    std::optional<std::string> database;
};

/// Adds `--database FILE` to a command (or a group of commands whose parts fall through).
void add_database_option(CLI::App& command, DatabaseChoice& options);

/// Returns the path of the database, which need not exist: `--database`, else `database:` of the configuration (`--config`, else
/// the default file), else the default path if the default configuration does not exist. Prints an error of the configuration, or
/// that the file is not a database (not if `whatever_it_is`), and returns nothing then. With `--url` there is no database,
/// because that voltd may run on another machine.
std::optional<std::string> find_database(const DatabaseChoice& options, const AddressOptions& address,
                                         bool whatever_it_is = false);

/// Returns true if a file may be a database: it begins as one, is empty, or does not exist. Prints an error if not.
bool may_be_database(const std::string& path, bool json = false);

}  // namespace volt::ctl
