// Final step of `voltctl init`: checks the file and the settings as voltd would, then writes them, the file last and never over
// another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/init/site_file.hpp"
#include "drivers/store/settings/edit.hpp"

namespace volt::ctl::init {

/// Target paths.
struct Targets {
    std::string output = "/etc/voltd/voltd.yaml";
    std::string database = "/var/lib/voltd/voltd.db";  ///< path in the file
    std::string draft_database;                        ///< path to create it if the owner moves it into place
    bool as_service = false;                           ///< root: files belong to the service's account
    std::string token_file{};                          ///< for a voltd started by hand, or empty for the service's
};

/// Content to be written.
struct Draft {
    std::string file;  ///< voltd.yaml
    WantedRows rows;
    std::string owner;                            ///< email address of the first user
    Settings settings;                            ///< as voltd would read them
    std::vector<RowChange> changes;               ///< changes of the settings
    std::vector<std::string> problems, warnings;  ///< for file and settings, a sentence each
    std::vector<std::string> notes;               ///< answers that init did not apply as given, a sentence each
    bool end_guard = false;
};

/// Sets the owner's database by its full path. Except for the service's file, token and socket are beside it.
void use_database(Targets& targets, const std::string& database);

/// Builds and checks the draft. Writes nothing.
Draft draft_of(const Json& answers, const FileHead& head, const Targets& targets, bool end_guard);

struct Written {
    std::string path;                ///< voltd.yaml, or voltd.yaml.new … .new.9 beside an existing one
    bool beside = false;             ///< a file exists and remains unchanged
    std::vector<std::string> notes;  ///< notes for the owner, in order
    std::string failure;             ///< reason nothing was written, or empty if it was
};
/// Writes the site. Creates no directory except the service's own. An existing file or link remains; `failure` is set if it is
/// not a regular file.
Written write_site(const Draft& draft, const Targets& targets);

/// Returns the next commands for a site that was written. `program`: name of this one.
std::vector<std::string> next_commands(const Targets& targets, const std::string& program);

/// Stores the broker's password where systemd passes it to voltd (root only). Returns a sentence with the result.
std::string store_password(const std::string& password, const Targets& targets);

}  // namespace volt::ctl::init
