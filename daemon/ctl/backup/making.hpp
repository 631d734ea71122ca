// Backup: one file with the database, voltd.yaml, the settings and a manifest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"

namespace volt::ctl::backup {

struct BackupRequest {
    std::string config;    ///< voltd.yaml
    std::string database;  ///< as named in voltd.yaml
    std::string target;    ///< a directory, or the file to create: `….tar.gz`
    std::size_t keep = 8;  ///< in a directory: backups of this site to keep
    bool secrets = false;  ///< with the broker's password
};

struct BackupMade {
    std::string file;
    std::uint64_t bytes = 0;
    std::vector<std::string> names;    ///< names of the contents
    std::vector<std::string> removed;  ///< older backups that were removed
    std::vector<std::string> notes;    ///< notes for the owner
};

/// Makes a backup while voltd may be running. The file is complete, verified and synced, or does not exist at all.
Result<BackupMade> make_backup(const BackupRequest& request);

/// Writes the result into the database, for voltd's alarm and for doctor. Returns an empty string, or the error.
std::string note_backup(const std::string& database, const std::string& target, const Result<BackupMade>& made);

/// Returns the file with the broker's password: `password_file`, else what systemd would pass to voltd. Empty if none can be
/// read.
std::string password_source(const std::string& password_file);
/// Returns the path where root stores what systemd passes to voltd as `password_file`.
std::string credential_of(const std::string& password_file);

}  // namespace volt::ctl::backup
