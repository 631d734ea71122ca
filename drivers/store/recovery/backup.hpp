// A copy of the whole database under a name of the owner's choice, and the way back.
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
    int version = 0;  ///< of its schema
};

/// Copies the database, also while voltd runs, to `target`: under another name first, checked, made durable, renamed.
/// A file that is there already is refused unless `replace`.
Result<BackupReport> back_up_database(const std::string& path, const std::vector<Migration>& migrations,
                                      const std::string& target, bool replace);

struct RestoreReport {
    std::string aside;                  ///< what the database is called now that was there before; empty: there was none
    std::vector<std::string> migrated;  ///< what had to be applied to the restored one
    int version = 0;
    std::size_t sessions = 0;  ///< of the database in place, kept in the restored one
};

struct RestoreOptions {
    /// Looks at the migrated and verified copy before it takes its place; a text refuses it.
    std::function<std::string(const std::string& copy)> agree{};
    bool dry = false;  ///< stop there, and change nothing
};

/// Puts a copy of `source` in the place of the database. First it is checked whole, and migrated and verified where
/// no program sees it; the database that was there is kept beside. Refused while voltd runs: it would go on with the
/// settings it has in memory and write them into the restored file.
Result<RestoreReport> restore_database(const std::string& path, const std::vector<Migration>& migrations,
                                       const std::string& source, const RestoreOptions& options = {});

}  // namespace volt
