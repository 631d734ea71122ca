// Operations on the whole database: status, migrate, trial, verify, rollback. For voltctl and the local API.
//
// A change of the schema takes the DatabaseLock, and so is refused while voltd runs: voltd migrates by itself when it starts, and
// a rollback would remove the tables of a running program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/recovery/inspect.hpp"
#include "drivers/store/schema/migrations.hpp"

namespace volt {

/// Returns that the lock is taken, with the remedy.
Failure database_in_use(const std::string& path);

/// A file next to the database.
struct FileBeside {
    std::string path;
    std::uint64_t bytes = 0;
};

struct DatabaseState {
    std::string path;
    bool exists = false;
    bool in_use = false;  ///< voltd, or another command that changes it, has the lock
    std::uint64_t bytes = 0, wal_bytes = 0;
    std::vector<AppliedMigration> applied;
    std::optional<SchemaStatus> schema;  ///< empty if `refused` is set
    std::string refused;
    std::vector<FileBeside> copies;  ///< whole copies from before migrations, newest first
    std::vector<FileBeside> aside;   ///< broken or replaced files, newest first
    std::optional<FileBeside> settings_copy;
    std::vector<TableRows> tables;
    std::string note;  ///< reason for the active alarm `database_restored`, or empty
};

/// Returns the state; writes nothing. Fails if the file exists but cannot be read.
Result<DatabaseState> database_state(const std::string& path, const std::vector<Migration>& migrations);

struct MigrationReport {
    std::vector<std::string> names;  ///< applied or undone migrations, in that order
    std::string copy;                ///< copy made before the first of them, or empty
    std::vector<std::string> notes;  ///< other actions on the way (a broken file replaced), and their consequences
};

/// Migrates a database, or creates it. Makes a copy before the first pending migration.
Result<MigrationReport> migrate_database(const std::string& path, const std::vector<Migration>& migrations);

struct TrialReport {
    std::vector<std::string> names;       ///< migrations that would be applied
    std::vector<std::string> difference;  ///< lines that begin with '+', '-' or ' '
    std::vector<std::string> complaints;  ///< complaints of verify on the copy
};

/// Migrates a temporary copy. Only reads the database; works while voltd runs.
Result<TrialReport> try_migrations(const std::string& path, const std::vector<Migration>& migrations);

/// Returns complaints of integrity_check, foreign_key_check and the queries of schema/*.verify.sql, or none.
Result<std::vector<std::string>> verify_database(const std::string& path, const std::vector<Migration>& migrations);

/// Clears the notes behind the alarm `database_restored`, even while voltd runs, and returns their number.
Result<std::int64_t> acknowledge_restore(const std::string& path, const std::vector<Migration>& migrations);

/// Undoes the migrations above `version`, newest first, after a copy.
Result<MigrationReport> roll_back_database(const std::string& path, const std::vector<Migration>& migrations, int version);

}  // namespace volt
