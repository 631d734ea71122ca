// Backs up the whole database under a name of the owner's choice, and restores it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/schema/migrations.hpp"

namespace volt {

struct BackupReport {
    std::string file;
    std::uint64_t bytes = 0;
    int version = 0;  ///< schema version
};

/// Copies the database to `target`, even while voltd runs: under another name first, checked, made durable, renamed. Refuses an
/// existing file unless `replace`.
Result<BackupReport> back_up_database(const std::string& path, const std::vector<Migration>& migrations,
                                      const std::string& target, bool replace);

struct RestoreReport {
    std::string aside;                  ///< new name of the previous database, or empty if there was none
    std::vector<std::string> migrated;  ///< migrations applied to the restored one
    int version = 0;
    std::size_t sessions = 0;  ///< sessions of the current database, kept in the restored one
};

struct RestoreOptions {
    /// Inspects the migrated and verified copy before it takes its place. A returned text refuses it.
    std::function<std::string(const std::string& copy)> agree{};
    bool dry = false;  ///< stop there, and change nothing
};

/// Replaces the database with a copy of `source`. First checks it completely, and migrates and verifies it where no program reads
/// it; keeps the previous database in the same folder. Refused while voltd runs: it would write its settings from memory into the
/// restored file.
Result<RestoreReport> restore_database(const std::string& path, const std::vector<Migration>& migrations,
                                       const std::string& source, const RestoreOptions& options = {});

}  // namespace volt
