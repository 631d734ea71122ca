// The end of `voltctl init`: the file and the settings checked as voltd would, then written, the file last and never over another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/init/site_file.hpp"
#include "drivers/store/settings/edit.hpp"

namespace volt::ctl::init {

/// Where everything goes.
struct Targets {
    std::string output = "/etc/voltd/voltd.yaml";
    std::string database = "/var/lib/voltd/voltd.db";  ///< as the file names it
    std::string draft_database;                        ///< where it is made, if not there: put in place by its owner
    bool as_service = false;                           ///< root: files belong to the service's account
    std::string token_file{};                          ///< of a voltd that is started by hand; empty: the service's
};

/// Everything that is about to be written.
struct Draft {
    std::string file;  ///< voltd.yaml
    WantedRows rows;
    std::string owner;                            ///< mail address of the first user
    Settings settings;                            ///< as voltd would read them
    std::vector<RowChange> changes;               ///< of the settings
    std::vector<std::string> problems, warnings;  ///< of file and settings, a sentence each
    bool end_guard = false;
};

/// Names a database of the owner's own with its whole path; beside it, except for the service's file, are token and socket.
void use_database(Targets& targets, const std::string& database);

/// Makes and checks it; nothing is written.
Draft draft_of(const Json& answers, const FileHead& head, const Targets& targets, bool end_guard);

struct Written {
    std::string path;                ///< voltd.yaml, or voltd.yaml.new … .new.9 beside one that is there
    bool beside = false;             ///< one is there, and stays
    std::vector<std::string> notes;  ///< what its owner must know, in order
    std::string failure;             ///< why nothing was written; empty: it was
};
/// Makes no directory but the service's own. A file or link that is there stays; `failure` where it is no regular file.
Written write_site(const Draft& draft, const Targets& targets);

/// The commands that fit a site that was written. `program`: this one.
std::vector<std::string> next_commands(const Targets& targets, const std::string& program);

/// Stores the broker's password where systemd passes it to voltd (root only). Returns what was done.
std::string store_password(const std::string& password, const Targets& targets);

}  // namespace volt::ctl::init
