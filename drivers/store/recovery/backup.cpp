#include "drivers/store/recovery/backup.hpp"

#include <unistd.h>

#include "drivers/store/recovery/database.hpp"
#include "drivers/store/recovery/inspect.hpp"
#include "drivers/store/recovery/maintenance.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/accounts.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/sqlite/lock.hpp"

namespace volt {

namespace {

constexpr std::size_t most_named = 3;  ///< complaints in a refusal

Failure refuse(std::string text) { return {Fault::refused, std::move(text)}; }

std::string joined(const std::vector<std::string>& complaints) {
    std::string text;
    for (std::size_t i = 0; i < complaints.size() && i < most_named; ++i) text += (i > 0 ? "; " : "") + complaints[i];
    if (complaints.size() > most_named) text += "; and " + std::to_string(complaints.size() - most_named) + " more";
    return text;
}

bool same_file(const std::string& a, const std::string& b) {
    const std::string identity = file_identity(a);
    return !identity.empty() && identity == file_identity(b);
}

/// Returns the reason why `target` must not become a backup of `path`, or an empty string.
std::string target_problem(const std::string& path, const std::string& target, bool replace) {
    for (const char* part : {"", "-wal", "-shm", "-journal", ".settings", ".lock"})
        if (target == path + part || same_file(target, path + part))
            return target + " belongs to the database itself; choose another file";
    const std::string directory = directory_of(target);
    if (!is_directory(directory)) return "there is no directory " + directory + "; create it first (is the stick mounted?)";
    if (::access(directory.c_str(), W_OK) != 0) return "you may not write in " + directory + "; use sudo, or another directory";
    if (is_directory(target)) return target + " is a directory; name a file in it";
    if (!file_exists(target)) return {};
    if (!replace) return target + " already exists; choose another file, or use --force to replace it";
    // A WAL next to it would be taken for the new file's.
    if (file_size(target + "-wal") > 0)
        return target + " is a database in use (there is a " + target + "-wal); choose another file";
    return {};
}

/// Returns the fault of a file to be restored, or an empty string.
std::string source_problem(Connection& db, const std::vector<Migration>& migrations) {
    if (const auto complaints = integrity_complaints(db); !complaints.empty()) return "it is damaged: " + joined(complaints);
    const Result<SchemaStatus> schema = schema_status(db, migrations);
    if (!schema) return schema.failure().text;
    if (schema.value().version == 0) return "it has no voltd data";
    return {};
}

void discard(const std::string& file) {
    for (const char* part : {"", "-wal", "-shm", "-journal"}) remove_file(file + part);
}

/// Migrates the copy and verifies it, as a single file.
SqlStatus complete(const std::string& half, const std::vector<Migration>& migrations, RestoreReport& report) {
    Result<OpenedDatabase> opened = open_and_migrate(half, migrations, {}, false);
    if (!opened) return {1, opened.failure().text};
    Connection& db = opened.value().connection;
    report.migrated = opened.value().applied;
    report.version = static_cast<int>(migrations.size());
    const auto complaints = verify(db, migrations);
    if (!complaints) return {1, complaints.failure().text};
    if (!complaints.value().empty()) return {1, joined(complaints.value())};
    return db.execute("PRAGMA journal_mode = DELETE");
}

/// Merges the WAL into the file, so that the file alone is complete. Moves a broken file aside unchanged instead.
SqlStatus settle(const std::string& path, std::string& aside) {
    Result<Connection> db = Connection::open(path, OpenMode::read_write);
    SqlStatus settled{1, "cannot be opened"};
    if (db) {
        db.value().busy_timeout(DatabaseOptions{}.busy_ms);
        settled = db.value().execute("PRAGMA journal_mode = DELETE");
        if (settled.ok() && db.value().text("PRAGMA journal_mode") != "delete") settled = {5, "it is in use"};
    }
    if (settled.ok()) return settled;
    if (settled.busy())
        return {settled.code, "another program has " + path + " open (sqlite3?); close it, then run this command again"};
    db = Failure{};
    const Result<std::string> moved = move_aside(path, ".replaced-");
    if (!moved) return {1, moved.failure().text};
    aside = moved.value();
    return {};
}

/// Makes a checked and migrated copy of `source` at `half`, which no program reads. Removes it on failure.
Result<RestoreReport> prepare(const std::string& half, const std::vector<Migration>& migrations, const std::string& source) {
    Result<Connection> opened = open_reading(source, {});
    if (!opened) return opened.failure();
    if (std::string problem = source_problem(opened.value(), migrations); !problem.empty())
        return refuse(source + " cannot be restored: " + problem);
    Result<std::string> copied = copy_database_to(opened.value(), half);
    if (!copied) return copied.failure();
    opened.value().close();
    RestoreReport report;
    if (const SqlStatus done = complete(half, migrations, report); !done.ok())
        return refuse(source + " cannot be restored: " + done.text);
    return report;
}

/// Renames the old file, then moves the new one into its place: one of them exists at every moment.
std::string swap_in(const std::string& half, const std::string& path, std::string& aside) {
    if (file_exists(path)) {
        if (const SqlStatus settled = settle(path, aside); !settled.ok()) return settled.text;
        if (aside.empty()) {
            const Result<std::string> kept = keep_aside(path, ".replaced-");
            if (!kept) return kept.failure().text;
            aside = kept.value();
        }
    } else {
        discard(path);  // the WAL or journal of a lost file does not belong to the new one
    }
    // The copy of the settings must not outlive them. If there is none, voltd makes one when it starts.
    remove_file(settings_copy_of(path));
    forget_settings_revision(path);
    return rename_durably(half, path);
}

}  // namespace

Result<BackupReport> back_up_database(const std::string& path, const std::vector<Migration>& migrations,
                                      const std::string& target, bool replace) {
    if (file_size(path) == 0) return refuse("there is no database " + path);
    if (std::string problem = target_problem(path, target, replace); !problem.empty()) return refuse(problem);
    Result<Connection> opened = open_reading(path, {});
    if (!opened) return opened.failure();
    Connection& db = opened.value();
    const Result<SchemaStatus> schema = schema_status(db, migrations);
    if (!schema && schema.failure().fault != Fault::refused) return schema.failure();
    Result<std::string> made = copy_database_to(db, target, replace);
    if (!made) return made.failure();
    const auto version = db.number("SELECT max(number) FROM schema_migrations");
    return BackupReport{target, file_size(target), static_cast<int>(version.value_or(0))};
}

Result<RestoreReport> restore_database(const std::string& path, const std::vector<Migration>& migrations,
                                       const std::string& source, const RestoreOptions& options) {
    if (file_size(source) == 0) return refuse("there is no database " + source);
    if (same_file(source, path)) return refuse(source + " is the database itself");
    const auto lock = DatabaseLock::take(path);
    if (!lock) return database_in_use(path);
    const std::string half = path + ".restore";
    discard(half);
    Result<RestoreReport> report = prepare(half, migrations, source);
    std::string problem;
    if (report) {
        report.value().sessions = keep_sessions(file_exists(path) ? path : std::string(), half);
        if (options.agree) problem = options.agree(half);
    }
    if (!report || !problem.empty() || options.dry) {
        discard(half);
        return report && !problem.empty() ? refuse(problem) : report;
    }
    problem = sync_file(half);
    if (problem.empty()) problem = swap_in(half, path, report.value().aside);
    if (!problem.empty()) {
        discard(half);
        return Failure{Fault::reconnect, problem};
    }
    if (Result<Connection> db = Connection::open(path, OpenMode::create); db) write_settings_copy(db.value(), path);
    return report;
}

}  // namespace volt
