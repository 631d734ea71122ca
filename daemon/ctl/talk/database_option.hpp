// Where the commands that work on the database find it: `--database FILE`, else what the configuration names.
#pragma once

#include <optional>
#include <string>

#include "daemon/ctl/talk/line.hpp"

namespace volt::ctl {

/// The database options of the command line; `config` is `--config` of the whole program.
struct DatabaseChoice {
    std::optional<std::string> database;
};

/// Adds `--database FILE` to a command (or a group of commands whose parts fall through).
void add_database_option(CLI::App& command, DatabaseChoice& options);

/// The path of the database: `--database`, else `database:` of the configuration (`--config`, else the usual file), else
/// the usual path where the usual configuration is not there. Prints what is wrong with the configuration, or
/// that the file is something else than a database (`whatever_it_is`: not that), and returns nothing then. It need not be
/// there. With `--url` there is none: that voltd may run on another machine.
std::optional<std::string> find_database(const DatabaseChoice& options, const AddressOptions& address,
                                         bool whatever_it_is = false);

/// Whether a file may be a database: it begins as one, or there is none yet, or an empty one. Prints an error if not.
bool may_be_database(const std::string& path, bool json = false);

}  // namespace volt::ctl
