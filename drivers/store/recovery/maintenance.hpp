// Operations on the whole database: status, migrate, trial, verify, rollback. For voltctl and the local API.
//
// What changes the schema takes the DatabaseLock, and so is refused while voltd runs: voltd migrates by itself when it
// starts, and a schema that goes back under a running program would take its tables away.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/recovery/inspect.hpp"
#include "drivers/store/schema/migrations.hpp"

namespace volt {

/// That the lock is taken, and what to do.
Failure database_in_use(const std::string& path);

/// A file beside the database.
struct FileBeside {
    std::string path;
    std::uint64_t bytes = 0;
};

struct DatabaseState {
    std::string path;
    bool exists = false;
    bool in_use = false;  ///< voltd, or another command that changes it, holds the lock
    std::uint64_t bytes = 0, wal_bytes = 0;
    std::vector<AppliedMigration> applied;
    std::optional<SchemaStatus> schema;  ///< empty: see `refused`
    std::string refused;
    std::vector<FileBeside> copies;  ///< whole ones from before migrations, newest first
    std::vector<FileBeside> aside;   ///< broken or replaced ones, newest first
    std::optional<FileBeside> settings_copy;
    std::vector<TableRows> tables;
    std::string note;  ///< why the alarm `database_restored` is active; empty: it is not
};

/// Looks; writes nothing. A failure: the file is there and cannot be read.
Result<DatabaseState> database_state(const std::string& path, const std::vector<Migration>& migrations);

struct MigrationReport {
    std::vector<std::string> names;  ///< applied, or undone, in that order
    std::string copy;                ///< made before the first of them; empty: none was needed
    std::vector<std::string> notes;  ///< what else was done on the way (a broken file replaced), and what follows from it
};

/// Brings a database up to date, making it where there is none; a copy is made before the first pending migration.
Result<MigrationReport> migrate_database(const std::string& path, const std::vector<Migration>& migrations);

struct TrialReport {
    std::vector<std::string> names;       ///< what would be applied
    std::vector<std::string> difference;  ///< lines that begin with '+', '-' or ' '
    std::vector<std::string> complaints;  ///< of verify on the copy
};

/// Migrates a temporary copy. Only reads the database; works while voltd runs.
Result<TrialReport> try_migrations(const std::string& path, const std::vector<Migration>& migrations);

/// Complaints of integrity_check, foreign_key_check and the queries of schema/*.verify.sql; empty: all is well.
Result<std::vector<std::string>> verify_database(const std::string& path, const std::vector<Migration>& migrations);

/// Takes down what keeps the alarm `database_restored` up, also while voltd runs; how many notes there were.
Result<std::int64_t> acknowledge_restore(const std::string& path, const std::vector<Migration>& migrations);

/// Undoes the migrations above `version`, newest first, after a copy.
Result<MigrationReport> roll_back_database(const std::string& path, const std::vector<Migration>& migrations, int version);

}  // namespace volt
