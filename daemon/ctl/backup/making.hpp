// Makes a backup: one file with the database, voltd.yaml, the settings and a manifest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"

namespace volt::ctl::backup {

struct BackupRequest {
    std::string config;    ///< voltd.yaml
    std::string database;  ///< that the file names
    std::string target;    ///< a directory, or the file to make: `….tar.gz`
    std::size_t keep = 8;  ///< in a directory: backups of this site that stay
    bool secrets = false;  ///< with the broker's password
};

struct BackupMade {
    std::string file;
    std::uint64_t bytes = 0;
    std::vector<std::string> names;    ///< what it holds
    std::vector<std::string> removed;  ///< older ones
    std::vector<std::string> notes;    ///< what the owner must know
};

/// Works while voltd runs. The file is there, whole, checked and durable, or not at all.
Result<BackupMade> make_backup(const BackupRequest& request);

/// Writes what came of it into the database, for voltd's alarm and for doctor. Empty: done; else why not.
std::string note_backup(const std::string& database, const std::string& target, const Result<BackupMade>& made);

/// The file with the broker's password: `password_file`, else what systemd would pass to voltd. Empty: there is none to be read.
std::string password_source(const std::string& password_file);
/// Where root stores what systemd passes to voltd as `password_file`.
std::string credential_of(const std::string& password_file);

}  // namespace volt::ctl::backup
