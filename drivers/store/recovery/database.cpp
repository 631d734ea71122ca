#include "drivers/store/recovery/database.hpp"

#include <sqlite3.h>

#include "drivers/store/recovery/inspect.hpp"
#include "drivers/store/recovery/rescue.hpp"
#include "drivers/store/recovery/restore_notes.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/sum.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt {

namespace {

/// Size at which the WAL is copied into the file: about 900 pages, which fit in one page of its index.
constexpr std::int64_t most_wal_bytes = 921600;
/// Limits the pages that a connection caches. A flush touches about 36 kB; SQLite's default of 2 MB would fill over months and
/// look like a leak.
constexpr int most_cached_kib = 512;

SqlStatus prepare_connection(Connection& db, const DatabaseOptions& options) {
    db.busy_timeout(options.busy_ms);
    if (sqlite3_db_readonly(db.handle(), "main") == 1) return {SQLITE_READONLY, "the file cannot be written"};
    // Small pages: a commit writes the pages it touches, and a row is a tenth of one. Only a new file takes this setting. A
    // reused WAL needs no new blocks of the file system, so it restarts every megabyte.
    SqlStatus done = db.execute(
        "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = OFF;"
        "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 33554432");
    const std::int64_t page = db.number("PRAGMA page_size").value_or(4096);
    if (done.ok())
        done = db.execute("PRAGMA cache_size = -" + std::to_string(most_cached_kib) +
                          "; PRAGMA wal_autocheckpoint = " + std::to_string(most_wal_bytes / page) +
                          "; PRAGMA max_page_count = " + std::to_string(options.most_pages * 4096 / page));
    if (!done.ok()) return done;
    if (db.text("PRAGMA journal_mode") != "wal") return {SQLITE_CANTOPEN, "the file system does not allow WAL"};
    return done;
}

/// Returns true if there is a database, or a sign that there was one.
bool was_there(const std::string& path) {
    return file_exists(settings_copy_of(path)) || !copies_of(path).empty() || !files_beside(path, ".broken-").empty();
}

/// Updates the file from a newer copy. If the WAL was lost while voltd was stopped, or an older file was put in place, the copy
/// has newer settings than the file. Those were last in force (perhaps a mode `off`), so they are written into the file, and a
/// note is logged.
void catch_up(OpenedDatabase& opened, const std::string& path) {
    Connection& db = opened.connection;
    const std::int64_t own = settings_revision(db), copied = settings_copy_revision(path).value_or(0);
    if (copied <= own) return;
    const SqlStatus done = restore_settings_copy(db, path);
    std::string text = "The file held older settings (revision " + std::to_string(own) + ") than " + settings_copy_of(path) +
                       " (" + std::to_string(copied) + "): its WAL was lost, or it was replaced by an older file. ";
    text += done.ok() ? "The newer ones were written to it; to go back on purpose, use `voltctl db restore`."
                      : "They could not be written to it (" + done.text + "): check the settings.";
    note_restore(db, text);
    opened.notes.push_back(std::move(text));
}

/// Reports edits in force that are neither in the file nor in the copy: they were lost with the end of the WAL.
void report_lost_edits(OpenedDatabase& opened, const std::string& path) {
    const std::int64_t noted = noted_settings_revision(path).value_or(0), own = settings_revision(opened.connection);
    forget_settings_revision(path);
    if (noted <= own) return;
    std::string text = "The last edits of the settings were lost with the file's WAL: revision " + std::to_string(noted) +
                       " was in force, the file has " + std::to_string(own) + ". Check the settings.";
    note_restore(opened.connection, text);
    opened.notes.push_back(std::move(text));
}

/// Renews the copy of the settings. Keeps an existing one with the same text.
void renew_settings_copy(Connection& db, const std::string& path) {
    SumState state = SumState::good;
    // the copy may be the last good one
    if (!check_sum(db, state).ok() || state == SumState::damaged) return;
    if (settings_copy_revision(path) != settings_revision(db)) write_settings_copy(db, path);
}

/// Repairs damaged settings before a migration: the history has the columns of the current schema, not of the next.
bool mend_before_migration(Connection& db) {
    Transaction transaction(db);
    bool mended = false;
    return transaction.status().ok() && mend_settings(db, mended).ok() && mended && transaction.commit().ok();
}

}  // namespace

Result<OpenedDatabase> open_and_migrate(const std::string& path, const std::vector<Migration>& migrations,
                                        const DatabaseOptions& options, bool copy_first) {
    // Includes files that an older voltctl created as root without group access.
    for (const char* part : {"", "-wal", "-shm"}) give_rights(path + part, Rights::data);
    Result<Connection> connected = Connection::open(path, OpenMode::create);
    if (!connected) return connected.failure();
    OpenedDatabase opened;
    opened.connection = std::move(connected.value());
    Connection& db = opened.connection;
    if (SqlStatus ready = prepare_connection(db, options); !ready.ok()) return ready.failure(path);
    Result<SchemaStatus> schema = schema_status(db, migrations);
    if (!schema) return schema.failure();
    if (copy_first && !schema.value().pending.empty() && schema.value().version > 0) {
        Result<std::string> copy = copy_database(db, path);
        if (!copy) return copy.failure();
        opened.copy = copy.value();
        opened.notes.push_back("copied to " + opened.copy + " before migration");
    }
    if (!schema.value().pending.empty() && mend_before_migration(db))
        opened.notes.push_back("settings had changed without an edit; restored the last good values");
    Result<std::vector<std::string>> applied = migrate(db, migrations);
    if (!applied) return applied.failure();
    for (const std::string& name : applied.value()) opened.notes.push_back("applied " + name);
    opened.applied = std::move(applied.value());
    // A schema that is only in the WAL would be lost with it, and the settings too.
    if (!opened.applied.empty()) db.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    opened.identity = file_identity(path);
    return opened;
}

Result<OpenedDatabase> open_database(const std::string& path, const std::vector<Migration>& migrations,
                                     const DatabaseOptions& options) {
    const Inspection found = inspect(path, migrations, options);
    if (found.condition == Condition::refused) return Failure{Fault::refused, path + ": " + found.text};
    remove_half_copies(path);
    const bool broken = found.condition == Condition::broken;
    // An empty or missing file next to a copy is also a loss: a card that lost its blocks looks like this.
    const bool lost = found.condition == Condition::absent && was_there(path);
    std::string rescued;
    if (broken || lost) {
        Result<std::string> done = rescue(path, found.text, broken, migrations, options);
        if (!done) return done.failure();
        rescued = done.value();
    }
    Result<OpenedDatabase> opened = open_and_migrate(path, migrations, options, true);
    if (!opened) return opened;
    if (!rescued.empty()) opened.value().notes.insert(opened.value().notes.begin(), rescued);
    OpenedDatabase& ready = opened.value();
    ready.made_anew = found.condition == Condition::absent || found.condition == Condition::broken;
    if (rescued.empty()) catch_up(ready, path);
    report_lost_edits(ready, path);
    ready.restored = standing_note(ready.connection).has_value();
    // After a rescue an unusable copy is kept unchanged: other means may still read it.
    if (rescued.empty() || !file_exists(settings_copy_of(path))) renew_settings_copy(ready.connection, path);
    return opened;
}

Result<Connection> open_to_read(const std::string& path, const std::vector<Migration>& migrations,
                                const DatabaseOptions& options) {
    const Inspection found = inspect(path, migrations, options);
    if (found.condition != Condition::sound) return Failure{Fault::reconnect, path + ": " + found.text};
    Result<Connection> db = open_reading(path, options);
    if (!db) return db.failure();
    Result<SchemaStatus> schema = schema_status(db.value(), migrations);
    if (!schema) return schema.failure();
    if (!schema.value().pending.empty()) return Failure{Fault::refused, path + ": its schema is older"};
    return db;
}

}  // namespace volt
