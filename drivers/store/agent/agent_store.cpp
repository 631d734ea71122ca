#include "drivers/store/agent/agent_store.hpp"

#include <sqlite3.h>
#include <time.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <utility>

#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/sqlite/lock.hpp"

namespace volt {

namespace {

constexpr int busy_ms = 5000, lock_tries = 10;  // one try of the lock takes 0.5 s
constexpr std::int64_t day_ms = 86'400'000, bytes_of_mb = 1024 * 1024;
constexpr int most_trims = 20;  ///< steps of retention for one row that finds the file full
constexpr std::size_t most_broken_files = 2;

/// Waits up to 5 s for the lock. Empty if another process opens or inspects the file.
std::optional<DatabaseLock> lock_while_opening(const std::string& path) {
    for (int i = 0; i < lock_tries; ++i)
        if (auto lock = DatabaseLock::take(path)) return lock;
    return std::nullopt;
}

/// Deletes rows selected by `which`, at most retention_step, and counts them.
SqlStatus remove_step(Connection& db, const std::string& table, const std::string& which, std::int64_t before,
                      std::int64_t& removed) {
    SqlStatus done = db.prepare("DELETE FROM " + table + " WHERE rowid IN (" + which + " LIMIT ?2)")
                         .bind(1, before)
                         .bind(2, retention_step)
                         .run();
    if (done.ok()) removed += db.changes();
    return done;
}

std::int64_t used_bytes(Connection& db) {
    const auto pragma = [&](const char* sql) { return db.number(sql).value_or(0); };
    return (pragma("PRAGMA page_count") - pragma("PRAGMA freelist_count")) * pragma("PRAGMA page_size");
}

}  // namespace

AgentMoment agent_now() {
    AgentMoment now;
    now.wall_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    timespec up{};
    ::clock_gettime(CLOCK_BOOTTIME, &up);
    now.up_ms = std::int64_t{up.tv_sec} * 1000 + up.tv_nsec / 1'000'000;
    now.boot = boot_id("/proc/sys/kernel/random/boot_id");
    return now;
}

std::string boot_id(const std::string& kernel_file) {
    std::string id;
    std::ifstream(kernel_file) >> id;
    const char* given = std::getenv("VOLT_BOOT_ID");
    if (id.empty() && given != nullptr) id = given;
    std::erase(id, '-');  // the kernel writes it with dashes, systemd without
    return id;
}

std::string AgentStore::keep(const Act& act) {
    const std::lock_guard lock(mutex_);
    const std::string wrong = run(act, true);
    return wrong.empty() ? "" : "not kept: " + wrong;
}

std::string AgentStore::read(const Act& act) {
    const std::lock_guard lock(mutex_);
    return run(act, false);
}

std::string AgentStore::erase(const Act& act) {
    const std::lock_guard lock(mutex_);
    std::string wrong = run(act, false);
    // The log of the database still has the old pages. A reader may keep it for a while: the next checkpoint removes it.
    if (wrong.empty() && db_) db_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    return wrong;
}

std::string AgentStore::take_note() {
    const std::lock_guard lock(mutex_);
    return std::exchange(note_, {});
}

bool AgentStore::tend(std::int64_t wall_ms) {
    const std::lock_guard lock(mutex_);
    std::int64_t removed = 0;
    if (wall_ms / day_ms == tended_day_) return false;
    const std::string wrong = run(
        [&](Connection&) {
            removed = 0;
            return remove_old(wall_ms, keep_.megabytes * bytes_of_mb * 9 / 10, removed);
        },
        false);
    if (wrong.empty() && removed == 0) tended_day_ = wall_ms / day_ms;
    return wrong.empty() && removed > 0;
}

std::string AgentStore::run(const Act& act, bool keeps) {
    SqlStatus done;
    for (int tries = 0, trims = 0; tries < 2;) {
        if (std::string wrong = open(keeps); !wrong.empty()) return wrong;
        if (!db_) return {};
        Transaction transaction(db_);
        done = transaction.status();
        if (done.ok()) done = act(db_);
        if (done.ok()) done = transaction.commit();
        if (done.ok()) return {};
        if (done.full() && !device_is_full(path_) && trims++ < most_trims) {
            std::int64_t removed = 0;
            if (db_.in_transaction()) db_.execute("ROLLBACK");
            const std::int64_t now = agent_now().wall_ms;
            if (remove_old(now, keep_.megabytes * bytes_of_mb * 8 / 10, removed).ok() && removed > 0) continue;
        }
        if (!done.broken()) break;
        ++tries;
        const auto lock = lock_while_opening(path_);
        if (lock && file_identity(path_) == identity_) move_aside();
    }
    return done.failure(path_).text;
}

/// Opens the file. Without a file and anything to keep, succeeds without a connection.
std::string AgentStore::open(bool keeps) {
    if (db_ && file_identity(path_) == identity_) return {};
    db_.close();
    if (!keeps && !file_exists(path_)) return {};
    const auto lock = lock_while_opening(path_);
    if (!lock) return path_ + " is being opened by another process";
    Result<Connection> opened = open_now(keeps);
    if (!opened && opened.failure().fault == Fault::wrong_device) {
        move_aside();
        if (!keeps) return {};
        opened = open_now(keeps);
    }
    if (!opened) return opened.failure().text;
    db_ = std::move(opened.value());
    identity_ = file_identity(path_);
    return {};
}

Result<Connection> AgentStore::open_now(bool keeps) const {
    Result<Connection> opened = Connection::open(path_, keeps ? OpenMode::create : OpenMode::read_write);
    if (!opened) return opened;
    opened.value().busy_timeout(busy_ms);
    const SqlStatus done = opened.value().execute(
        "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; "
        "PRAGMA journal_size_limit = 1048576; PRAGMA max_page_count = " +
        std::to_string(keep_.megabytes * bytes_of_mb / 1024));
    if (!done.ok()) return done.failure(path_);
    const auto migrated = migrate(opened.value(), agent_migrations());
    if (!migrated) return Failure{migrated.failure().fault, path_ + ": " + migrated.failure().text};
    return opened;
}

SqlStatus AgentStore::remove_old(std::int64_t wall_ms, std::int64_t most_bytes, std::int64_t& removed) {
    const std::int64_t kept_from = wall_ms - keep_.conversations_days * day_ms;
    struct Step {
        const char *table, *which;
        std::int64_t before;
    };
    const bool too_large = used_bytes(db_) > most_bytes;
    const std::int64_t always = INT64_MAX;
    // If the file is too large, rows of a client that floods it are removed first, and an owner's conversations last.
    const Step steps[] = {
        {"messages",
         "SELECT m.rowid FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id WHERE c.updated_at < ?1 "
         "ORDER BY c.agent_role = 'ask', c.updated_at, m.id",
         too_large ? always : kept_from},
        {"conversations", "SELECT rowid FROM conversations WHERE updated_at < ?1 AND message_count = 0",
         too_large ? wall_ms - day_ms : kept_from},
        {"log", "SELECT rowid FROM log WHERE created_at < ?1 ORDER BY event_type <> 'limit', created_at",
         too_large ? always : wall_ms - keep_.log_days * day_ms},
        {"proposals", "SELECT rowid FROM proposals WHERE created_at < ?1 AND state <> 'waiting'", kept_from},
        {"limits", "SELECT rowid FROM limits WHERE begun_at < ?1", wall_ms - 2 * day_ms}};
    for (const Step& it : steps)
        if (SqlStatus done = remove_step(db_, it.table, it.which, it.before, removed); !done.ok()) return done;
    return {};
}

/// Moves the file aside. Requires the lock. A process that still has it open notices the new file, and reopens.
void AgentStore::move_aside() {
    db_.close();
    const std::string aside = path_ + ".broken-" + file_stamp();
    if (!rename_durably(path_, aside).empty()) return;
    note_ = path_ + " was damaged. It was moved to " + aside + " and begun anew: what it kept is not shown";
    for (const char* part : {"-wal", "-shm"}) remove_file(path_ + part);
    const auto kept = files_beside(path_, ".broken-");
    for (std::size_t i = most_broken_files; i < kept.size(); ++i) remove_file(kept[i]);
}

}  // namespace volt
