#include "drivers/store/database.hpp"

#include <sqlite3.h>

#include "drivers/store/copies.hpp"
#include "drivers/store/files.hpp"

namespace volt {

namespace {

enum class Condition { absent, sound, broken, refused, unreadable };

struct Finding {
    Condition condition = Condition::sound;
    std::string text;
};

bool damaged(const Failure& failure) {
    return failure.fault == Fault::wrong_device;
}

/// A connection that only reads, also where nothing can be written (a card that went read-only).
Result<Connection> open_reading(const std::string& path, const DatabaseOptions& options) {
    Result<Connection> db = Connection::open(path, OpenMode::read_only);
    if (db) db.value().busy_timeout(options.busy_ms);
    if (db && db.value().execute("PRAGMA schema_version").only_read()) return Connection::open(path, OpenMode::frozen);
    return db;
}

/// Looks at the file through a connection that only reads, so that nothing is changed before it is known to be ours.
Finding inspect(const std::string& path, const std::vector<Migration>& migrations, const DatabaseOptions& options) {
    if (file_size(path) == 0) return {Condition::absent, file_exists(path) ? "the file is empty" : "there is no file"};
    Result<Connection> opened = open_reading(path, options);
    if (!opened) return {Condition::unreadable, opened.failure().text};
    Connection& db = opened.value();
    std::string complaint;
    const SqlStatus checked = quick_check(db, options.check_ms, complaint);
    if (checked.broken()) return {Condition::broken, checked.text};
    if (!checked.ok()) return {Condition::unreadable, checked.text};
    if (!complaint.empty()) return {Condition::broken, complaint};
    Result<SchemaStatus> schema = schema_status(db, migrations);
    if (schema) return {};
    const Failure& failure = schema.failure();
    if (failure.fault == Fault::refused) return {Condition::refused, failure.text};
    return {damaged(failure) ? Condition::broken : Condition::unreadable, failure.text};
}

SqlStatus prepare_connection(Connection& db, const DatabaseOptions& options) {
    db.busy_timeout(options.busy_ms);
    if (sqlite3_db_readonly(db.handle(), "main") == 1) return {SQLITE_READONLY, "the file cannot be written"};
    SqlStatus done = db.execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = OFF;"
        "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 33554432;PRAGMA wal_autocheckpoint = 4000;"
        "PRAGMA max_page_count = " +
        std::to_string(options.most_pages));
    if (!done.ok()) return done;
    if (db.text("PRAGMA journal_mode") != "wal") return {SQLITE_CANTOPEN, "the file system does not allow WAL"};
    return done;
}

/// Puts the newest sound whole copy where the broken file was. Empty when there is none.
std::string restore_newest_copy(const std::string& path, const std::vector<Migration>& migrations,
                                const DatabaseOptions& options) {
    for (const std::string& copy : copies_of(path))
        if (inspect(copy, migrations, options).condition == Condition::sound && copy_durably(copy, path).empty())
            return copy;
    return {};
}

SqlStatus note_restore(Connection& db, const std::string& text) {
    return db.prepare("INSERT INTO database_restores (at, text) VALUES (unixepoch() * 1000, ?1)").bind(1, text).run();
}

Result<OpenedDatabase> open_and_migrate(const std::string& path, const std::vector<Migration>& migrations,
                                        const DatabaseOptions& options) {
    Result<Connection> connected = Connection::open(path, OpenMode::create);
    if (!connected) return connected.failure();
    OpenedDatabase opened{std::move(connected.value()), {}, false, {}};
    Connection& db = opened.connection;
    if (SqlStatus ready = prepare_connection(db, options); !ready.ok()) return ready.failure(path);
    Result<SchemaStatus> schema = schema_status(db, migrations);
    if (!schema) return schema.failure();
    if (!schema.value().pending.empty() && schema.value().version > 0) {
        Result<std::string> copy = copy_database(db, path);
        if (!copy) return copy.failure();
        opened.notes.push_back("copied to " + copy.value() + " before migration");
    }
    Result<std::vector<std::string>> applied = migrate(db, migrations);
    if (!applied) return applied.failure();
    for (const std::string& name : applied.value()) opened.notes.push_back("applied " + name);
    opened.identity = file_identity(path);
    return opened;
}

/// After a restore: the settings as last copied, and a row that keeps the alarm up.
void finish_restore(OpenedDatabase& opened, const std::string& path, std::string text) {
    const SqlStatus settings = restore_settings_copy(opened.connection, path);
    text += settings.ok() ? "; settings restored from " + settings_copy_of(path)
                          : "; settings not restored (" + settings.text + ")";
    opened.notes.insert(opened.notes.begin(), text);
    note_restore(opened.connection, text);
}

}  // namespace

Result<OpenedDatabase> open_database(const std::string& path, const std::vector<Migration>& migrations,
                                     const DatabaseOptions& options) {
    make_directory_of(path);
    const Finding found = inspect(path, migrations, options);
    if (found.condition == Condition::refused) return Failure{Fault::refused, path + ": " + found.text};
    // An empty or missing file beside a copy is a loss too: a card that lost its blocks shows so.
    const bool lost =
        found.condition == Condition::absent && (file_exists(settings_copy_of(path)) || !copies_of(path).empty());
    std::string restore;
    if (found.condition == Condition::broken) {
        Result<std::string> aside = move_aside(path);
        if (!aside) return aside.failure();
        restore = "the database was broken (" + found.text + ") and is now " + aside.value();
    } else if (lost) {
        restore = "the database was lost (" + found.text + ")";
        for (const char* part : {"", "-wal", "-shm"}) remove_file(path + part);
    }
    if (!restore.empty()) {
        const std::string copy = restore_newest_copy(path, migrations, options);
        restore += copy.empty() ? "; a new one was made" : "; " + copy + " was put in its place";
    }
    Result<OpenedDatabase> opened = open_and_migrate(path, migrations, options);
    if (!opened) return opened;
    if (!restore.empty()) finish_restore(opened.value(), path, restore);
    OpenedDatabase& ready = opened.value();
    ready.restored =
        ready.connection.number("SELECT count(*) FROM database_restores WHERE acknowledged_at IS NULL").value_or(0) > 0;
    if (!file_exists(settings_copy_of(path))) write_settings_copy(ready.connection, path);
    return opened;
}

Result<Connection> open_to_read(const std::string& path, const std::vector<Migration>& migrations,
                                const DatabaseOptions& options) {
    const Finding found = inspect(path, migrations, options);
    if (found.condition != Condition::sound) return Failure{Fault::reconnect, path + ": " + found.text};
    Result<Connection> db = open_reading(path, options);
    if (!db) return db.failure();
    Result<SchemaStatus> schema = schema_status(db.value(), migrations);
    if (!schema) return schema.failure();
    if (!schema.value().pending.empty()) return Failure{Fault::refused, path + ": its schema is older"};
    return db;
}

}  // namespace volt
