#include "drivers/store/recovery/inspect.hpp"

#include <sqlite3.h>

#include <chrono>

#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt {

Result<Connection> open_reading(const std::string& path, const DatabaseOptions& options, bool* without_wal) {
    if (without_wal != nullptr) *without_wal = false;
    Result<Connection> db = Connection::open(path, OpenMode::read_only);
    if (!db) return db;
    db.value().busy_timeout(options.busy_ms);
    const SqlStatus checked = db.value().execute("PRAGMA schema_version");
    if (checked.ok() || checked.busy() || checked.broken()) return db;
    // Shared memory cannot be created here; without it the file can still be read.
    if (without_wal != nullptr) *without_wal = file_size(path + "-wal") > 0;
    return Connection::open(path, OpenMode::frozen);
}

std::vector<TableRows> count_rows(Connection& db) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    std::vector<TableRows> tables;
    Statement names = db.prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
    while (names.row()) tables.push_back({names.text(0), std::nullopt});
    const auto late = [](void* until) {
        return std::chrono::steady_clock::now() > *static_cast<std::chrono::steady_clock::time_point*>(until) ? 1 : 0;
    };
    sqlite3_progress_handler(db.handle(), 10000, late, &deadline);
    for (TableRows& table : tables) table.rows = db.number("SELECT count(*) FROM \"" + table.name + "\"");
    sqlite3_progress_handler(db.handle(), 0, nullptr, nullptr);
    return tables;
}

Result<std::vector<TableRows>> count_rows(const std::string& path) {
    Result<Connection> db = open_reading(path, {});
    if (!db) return db.failure();
    return count_rows(db.value());
}

Inspection inspect(const std::string& path, const std::vector<Migration>& migrations, const DatabaseOptions& options) {
    if (file_size(path) == 0) return {Condition::absent, file_exists(path) ? "the file is empty" : "file not found"};
    // Two names have two locks and two WALs.
    if (has_foreign_name(path))
        return {Condition::refused,
                "the file has a second name (hard link), by which another voltd could write it; `find / -samefile " + path +
                    "` shows all, keep one"};
    bool without_wal = false;
    Result<Connection> opened = open_reading(path, options, &without_wal);
    if (!opened) return {Condition::unreadable, opened.failure().text};
    // An incomplete checkpoint looks like damage without its WAL: never a reason to move the file aside.
    const Condition damaged = without_wal ? Condition::unreadable : Condition::broken;
    Connection& db = opened.value();
    std::string complaint;
    const SqlStatus checked = quick_check(db, options.check_ms, complaint);
    if (checked.broken()) return {damaged, checked.text};
    if (!checked.ok()) return {Condition::unreadable, checked.text};
    if (!complaint.empty()) return {damaged, complaint};
    Result<SchemaStatus> schema = schema_status(db, migrations);
    // The WAL was lost before the first checkpoint: no table at all, not even that of the migrations.
    if (schema && db.number("SELECT count(*) FROM sqlite_master") == 0) return {Condition::absent, "the file has no tables"};
    if (schema) return {};
    const Failure& failure = schema.failure();
    if (failure.fault == Fault::refused) return {Condition::refused, failure.text};
    return {failure.fault == Fault::wrong_device ? damaged : Condition::unreadable, failure.text};
}

}  // namespace volt
