// Schema migrations: numbered SQL files, each applied with its record in one transaction or not at all.
#pragma once

#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// One numbered step of the schema: `schema/<name>.up.sql`, `.down.sql`, `.verify.sql`.
struct Migration {
    int number = 0;
    std::string name;  ///< `001_settings`
    std::string up, down, verify;
};

/// Those of this program, embedded from schema/ at build.
const std::vector<Migration>& built_in_migrations();

struct SchemaStatus {
    int version = 0;                   ///< number of the last applied migration; 0: an empty database
    int latest = 0;                    ///< number of the last one this program has
    std::vector<std::string> pending;  ///< names, in order
};

/// A row of schema_migrations.
struct AppliedMigration {
    std::int64_t number = 0;
    std::string name, sha256, applied_at;
    std::int64_t duration_ms = 0;
    bool known = false;  ///< this program has it, with the same text
};

/// The applied migrations according to the database, whether or not it may be changed; `known` as in `migrations`.
Result<std::vector<AppliedMigration>> recorded_migrations(Connection& db, const std::vector<Migration>& migrations);

/// Reads where the database stands; writes nothing. Fault::refused when it must not be touched: two migrations with one
/// number, a gap, one changed after it was applied, a database newer than the program or not of voltd at all. The
/// text names the files and what to do.
Result<SchemaStatus> schema_status(Connection& db, const std::vector<Migration>& migrations);
/// The same for a file, opened for reading only.
Result<SchemaStatus> schema_status(const std::string& path);

/// Applies what is pending, each migration and its record in one transaction. The names that were applied.
/// The copy before the first of them is the caller's affair (drivers/store/recovery/settings_copies.hpp).
Result<std::vector<std::string>> migrate(Connection& db, const std::vector<Migration>& migrations);

/// Why a database in this state cannot go back to `version`; empty: it can.
std::string rollback_problem(const SchemaStatus& status, int version);
/// Undoes migrations above `version`, newest first, each in one transaction. What they held is lost: copy first.
Result<std::vector<std::string>> roll_back(Connection& db, const std::vector<Migration>& migrations, int version);

/// Complaints of the applied migrations' verify queries, and of SQLite about foreign keys; empty: all is well.
Result<std::vector<std::string>> verify(Connection& db, const std::vector<Migration>& migrations);

}  // namespace volt
