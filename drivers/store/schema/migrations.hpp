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

/// Returns this program's migrations, embedded from schema/ at build.
const std::vector<Migration>& built_in_migrations();

struct SchemaStatus {
    int version = 0;                   ///< number of the last applied migration; 0 for an empty database
    int latest = 0;                    ///< number of this program's last one
    std::vector<std::string> pending;  ///< names, in order
};

/// A row of schema_migrations.
struct AppliedMigration {
    std::int64_t number = 0;
    std::string name, sha256, applied_at;
    std::int64_t duration_ms = 0;
    bool known = false;  ///< this program has it, with the same text
};

/// Returns the applied migrations according to the database, even if it must not be changed; `known` as in `migrations`.
Result<std::vector<AppliedMigration>> recorded_migrations(Connection& db, const std::vector<Migration>& migrations);

/// Reads the state of the database; writes nothing. Fails with Fault::refused if it must not be touched: two migrations with one
/// number, a gap, one changed after it was applied, a database newer than the program or not voltd's. The text names the files
/// and the remedy.
Result<SchemaStatus> schema_status(Connection& db, const std::vector<Migration>& migrations);
/// Reads the state of a file, opened read-only.
Result<SchemaStatus> schema_status(const std::string& path);

/// Applies pending migrations, each with its record in one transaction, and returns their names. The caller makes the copy before
/// the first of them (drivers/store/recovery/settings_copies.hpp).
Result<std::vector<std::string>> migrate(Connection& db, const std::vector<Migration>& migrations);

/// Returns the reason why a database in this state cannot go back to `version`, or an empty string.
std::string rollback_problem(const SchemaStatus& status, int version);
/// Undoes migrations above `version`, newest first, each in one transaction. Their data is lost: copy first.
Result<std::vector<std::string>> roll_back(Connection& db, const std::vector<Migration>& migrations, int version);

/// Returns complaints of the applied migrations' verify queries, and of SQLite about foreign keys, or none.
Result<std::vector<std::string>> verify(Connection& db, const std::vector<Migration>& migrations);

}  // namespace volt
