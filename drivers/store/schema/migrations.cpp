#include "drivers/store/schema/migrations.hpp"

#include <sqlite3.h>

#include <chrono>

#include "drivers/crypto.hpp"
#include "drivers/store/schema/settings_sum.hpp"

namespace volt {

namespace {

using Applied = AppliedMigration;

Failure refuse_migration(std::string text) { return {Fault::refused, std::move(text)}; }

std::string file_of(const Migration& migration) { return "schema/" + migration.name + ".up.sql"; }

/// Checks that the numbers are 1, 2, 3 …, and returns the error, or an empty string.
std::string numbering_problem(const std::vector<Migration>& migrations) {
    for (std::size_t i = 0; i < migrations.size(); ++i) {
        const Migration& it = migrations[i];
        if (i > 0 && it.number == migrations[i - 1].number)
            return file_of(migrations[i - 1]) + " and " + file_of(it) +
                   " have the same number: give the newer one the next free number";
        if (it.number != static_cast<int>(i) + 1)
            return file_of(it) + " has number " + std::to_string(it.number) + " where " + std::to_string(i + 1) +
                   " must follow: add the missing file or renumber this one";
    }
    return {};
}

Result<std::vector<Applied>> applied_migrations(Connection& db) {
    std::vector<Applied> applied;
    Statement tables = db.prepare("SELECT count(*), sum(name = 'schema_migrations') FROM sqlite_master WHERE type = 'table'");
    if (!tables.row()) return tables.status().failure("cannot read the schema");
    const bool empty = tables.integer(0) == 0;
    if (tables.integer(1) == 0) {
        if (empty) return applied;
        return refuse_migration(
            "the database has tables but no schema_migrations: it is not a voltd database; use another file "
            "in `database:`, or move this one");
    }
    Statement query =
        db.prepare("SELECT number, name, sha256, applied_at, duration_ms FROM schema_migrations ORDER BY number LIMIT 1000");
    while (query.row())
        applied.push_back({query.integer(0), query.text(1), query.text(2), query.text(3), query.integer(4), false});
    if (!query.status().ok()) return query.status().failure("cannot read schema_migrations");
    return applied;
}

/// Returns the remedy for a newer database. voltctl repairs only voltd's own.
std::string newer_remedy(const std::vector<Migration>& migrations) {
    if (&migrations != &built_in_migrations())
        return "; install the newer program that made it, or rename the file: it is begun anew";
    return "; install the newer voltd that made it (before a downgrade its `voltctl db rollback --to " +
           std::to_string(migrations.size()) +
           "` makes the database fit this one), or restore an older copy with `voltctl db restore`";
}

std::string record_problem(const std::vector<Applied>& applied, const std::vector<Migration>& migrations) {
    for (std::size_t i = 0; i < applied.size(); ++i) {
        const Applied& it = applied[i];
        if (it.number != static_cast<std::int64_t>(i) + 1)
            return "schema_migrations of the database has a gap before " + it.name + ": restore a copy with `voltctl db restore`";
        if (i >= migrations.size())
            return "the database is newer than this program: it has " + it.name + ", the program ends with " +
                   (migrations.empty() ? std::string("nothing") : migrations.back().name) + newer_remedy(migrations);
        const Migration& ours = migrations[i];
        if (it.name != ours.name || it.sha256 != sha256_hex(ours.up))
            return file_of(ours) + " was changed after it was applied (then " + it.name + " " + it.sha256.substr(0, 12) +
                   ", now " + ours.name + " " + sha256_hex(ours.up).substr(0, 12) +
                   "): restore the old text and put the change in a new migration, or install the program that "
                   "applied it";
    }
    return {};
}

SqlStatus write_record(Connection& db, const Migration& migration, std::int64_t duration_ms) {
    return db
        .prepare(
            "INSERT INTO schema_migrations (number, name, sha256, applied_at, duration_ms) "
            "VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?4)")
        .bind(1, std::int64_t{migration.number})
        .bind(2, migration.name)
        .bind(3, sha256_hex(migration.up))
        .bind(4, duration_ms)
        .run();
}

const char* const record_table =
    "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, "
    "sha256 TEXT NOT NULL, applied_at TEXT NOT NULL, duration_ms INTEGER NOT NULL) STRICT";

/// Runs a step. Intact settings remain intact, whatever columns the step adds or removes.
SqlStatus run_step(Connection& db, const std::string& sql) {
    SumState state = SumState::missing;
    if (SqlStatus checked = check_sum(db, state); !checked.ok()) return checked;
    if (SqlStatus done = db.execute(sql); !done.ok()) return done;
    if (!db.in_transaction()) return {SQLITE_MISUSE, "the file ends the transaction itself"};
    return state == SumState::damaged ? SqlStatus{} : write_sum(db);
}

SqlStatus apply(Connection& db, const Migration& migration) {
    const auto begun = std::chrono::steady_clock::now();
    Transaction transaction(db);
    if (!transaction.status().ok()) return transaction.status();
    if (SqlStatus made = db.execute(record_table); !made.ok()) return made;
    if (SqlStatus done = run_step(db, migration.up); !done.ok()) return done;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    if (SqlStatus kept = write_record(db, migration, took.count()); !kept.ok()) return kept;
    return transaction.commit();
}

bool has_row_against_a_rule(Connection& db) {
    Statement check = db.prepare("PRAGMA quick_check(100)");
    while (check.row())
        if (check.text(0).starts_with("CHECK constraint failed")) return true;
    return false;
}

/// Applies a migration to all rows. A row that already breaks a rule (a worn card, disabled checks) is reported when it is read;
/// it does not keep the site from its new program.
SqlStatus apply_to_all_rows(Connection& db, const Migration& migration) {
    SqlStatus done = apply(db, migration);
    if (done.code != SQLITE_CONSTRAINT_CHECK || !has_row_against_a_rule(db)) return done;
    db.execute("PRAGMA ignore_check_constraints = 1");
    done = apply(db, migration);
    db.execute("PRAGMA ignore_check_constraints = 0");
    return done;
}

SqlStatus undo(Connection& db, const Migration& migration) {
    Transaction transaction(db);
    if (!transaction.status().ok()) return transaction.status();
    if (SqlStatus done = run_step(db, migration.down); !done.ok()) return done;
    // The record is removed with the first migration, which created it.
    SqlStatus forgotten =
        migration.number == 1
            ? db.execute("DROP TABLE schema_migrations")
            : db.prepare("DELETE FROM schema_migrations WHERE number = ?1").bind(1, std::int64_t{migration.number}).run();
    if (!forgotten.ok()) return forgotten;
    return transaction.commit();
}

/// Runs each statement of `sql`. Its rows are complaints.
void run_queries(Connection& db, const std::string& name, const std::string& sql, std::vector<std::string>& complaints) {
    const char* rest = sql.c_str();
    while (*rest != '\0') {
        sqlite3_stmt* handle = nullptr;
        const char* next = nullptr;
        if (sqlite3_prepare_v2(db.handle(), rest, -1, &handle, &next) != SQLITE_OK) {
            complaints.push_back(name + ": " + sqlite3_errmsg(db.handle()));
            return;
        }
        while (handle != nullptr && sqlite3_step(handle) == SQLITE_ROW) {
            const unsigned char* text = sqlite3_column_text(handle, 0);
            complaints.push_back(name + ": " + (text != nullptr ? reinterpret_cast<const char*>(text) : "NULL"));
        }
        if (sqlite3_finalize(handle) != SQLITE_OK) complaints.push_back(name + ": " + sqlite3_errmsg(db.handle()));
        rest = next;
    }
}

}  // namespace

Result<std::vector<AppliedMigration>> recorded_migrations(Connection& db, const std::vector<Migration>& migrations) {
    Result<std::vector<Applied>> applied = applied_migrations(db);
    if (!applied) return applied;
    for (std::size_t i = 0; i < applied.value().size(); ++i) {
        Applied& it = applied.value()[i];
        it.known = i < migrations.size() && it.name == migrations[i].name && it.sha256 == sha256_hex(migrations[i].up);
    }
    return applied;
}

Result<SchemaStatus> schema_status(Connection& db, const std::vector<Migration>& migrations) {
    if (std::string problem = numbering_problem(migrations); !problem.empty()) return refuse_migration(problem);
    Result<std::vector<Applied>> applied = applied_migrations(db);
    if (!applied) return applied.failure();
    if (std::string problem = record_problem(applied.value(), migrations); !problem.empty()) return refuse_migration(problem);
    SchemaStatus status;
    status.version = static_cast<int>(applied.value().size());
    status.latest = static_cast<int>(migrations.size());
    for (std::size_t i = applied.value().size(); i < migrations.size(); ++i) status.pending.push_back(migrations[i].name);
    return status;
}

Result<SchemaStatus> schema_status(const std::string& path) {
    Result<Connection> db = Connection::open(path, OpenMode::read_only);
    if (!db) return db.failure();
    return schema_status(db.value(), built_in_migrations());
}

Result<std::vector<std::string>> migrate(Connection& db, const std::vector<Migration>& migrations) {
    Result<SchemaStatus> before = schema_status(db, migrations);
    if (!before) return before.failure();
    for (std::size_t i = static_cast<std::size_t>(before.value().version); i < migrations.size(); ++i)
        if (SqlStatus done = apply_to_all_rows(db, migrations[i]); !done.ok()) return done.failure(file_of(migrations[i]));
    return before.value().pending;
}

std::string rollback_problem(const SchemaStatus& status, int version) {
    if (version >= 0 && version <= status.version) return {};
    return "cannot go back to " + std::to_string(version) + ": the database is at " + std::to_string(status.version);
}

Result<std::vector<std::string>> roll_back(Connection& db, const std::vector<Migration>& migrations, int version) {
    Result<SchemaStatus> before = schema_status(db, migrations);
    if (!before) return before.failure();
    if (std::string problem = rollback_problem(before.value(), version); !problem.empty()) return refuse_migration(problem);
    std::vector<std::string> undone;
    for (int at = before.value().version; at > version; --at) {
        const Migration& migration = migrations[static_cast<std::size_t>(at) - 1];
        if (SqlStatus done = undo(db, migration); !done.ok()) return done.failure("schema/" + migration.name + ".down.sql");
        undone.push_back(migration.name);
    }
    return undone;
}

Result<std::vector<std::string>> verify(Connection& db, const std::vector<Migration>& migrations) {
    Result<SchemaStatus> status = schema_status(db, migrations);
    if (!status) return status.failure();
    std::vector<std::string> complaints;
    for (int i = 0; i < status.value().version; ++i) {
        const Migration& migration = migrations[static_cast<std::size_t>(i)];
        run_queries(db, migration.name, migration.verify, complaints);
    }
    run_queries(db, "foreign_key_check",
                "SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ' names a missing ' || parent "
                "FROM pragma_foreign_key_check",
                complaints);
    return complaints;
}

}  // namespace volt
