#include "drivers/store/recovery/settings_copies.hpp"

#include <sqlite3.h>
#include <fstream>

#include <chrono>
#include <cstring>

#include "drivers/store/settings/sum.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt {

namespace {

/// Tables that the owner edits, parents first.
const char* const copied_tables[] = {"users", "hvac_zones", "user_preferences", "miner_profiles"};

constexpr std::string_view parts[] = {"", "-wal", "-shm", "-journal"};

/// Returns complete files that begin with `path` + `suffix`: their names end with the Z of the stamp. Newest first.
std::vector<std::string> stamped(const std::string& path, const std::string& suffix) {
    std::vector<std::string> files = files_beside(path, suffix);
    std::erase_if(files, [](const std::string& file) { return !file.ends_with("Z"); });
    return files;
}

/// Removes all but the newest three.
void keep_newest(const std::string& path, const std::string& suffix) {
    const std::vector<std::string> files = stamped(path, suffix);
    for (std::size_t i = copies_kept; i < files.size(); ++i)
        for (const std::string_view part : parts) remove_file(files[i] + std::string(part));
}

/// Returns a name that sorts after all others of its kind, even if the clock went back (a Pi that booted without network).
std::string next_name(const std::string& path, const std::string& suffix) {
    const std::vector<std::string> files = stamped(path, suffix);
    const std::string name = path + suffix + file_stamp();
    if (files.empty() || files.front() < name || files.front().size() != name.size()) return name;
    std::string next = files.front();
    for (std::size_t i = next.size(); i-- > path.size() + suffix.size();) {
        if (next[i] < '0' || next[i] > '9') continue;
        if (++next[i] <= '9') return next;
        next[i] = '0';
    }
    return name;
}

Failure file_failure(std::string text) { return {Fault::reconnect, std::move(text)}; }

/// Returns the columns that both databases have, so that a copy of an older schema is still usable.
std::string common_columns(Connection& db, const std::string& table) {
    Statement query = db.prepare(
        "SELECT group_concat('\"' || name || '\"', ', ') FROM pragma_table_info(?1, 'main') "
        "WHERE name IN (SELECT name FROM pragma_table_info(?1, 'copy'))");
    query.bind(1, table);
    return query.row() ? query.text(0) : std::string();
}

SqlStatus replace_settings(Connection& db, std::int64_t least_revision = 0) {
    Transaction transaction(db);
    if (!transaction.status().ok()) return transaction.status();
    SqlStatus done = begin_edit(db, "restore");
    if (done.ok())
        done = db.execute("UPDATE settings_revision SET revision = max(revision, " + std::to_string(least_revision) + ")");
    for (std::size_t i = std::size(copied_tables); done.ok() && i > 0; --i)
        done = db.execute(std::string("DELETE FROM main.") + copied_tables[i - 1]);
    for (const char* table : copied_tables) {
        if (!done.ok()) return done;
        const std::string columns = common_columns(db, table);
        if (columns.empty()) return {SQLITE_CORRUPT, std::string("the copy has no ") + table};
        done =
            db.execute(std::string("INSERT INTO main.") + table + " (" + columns + ") SELECT " + columns + " FROM copy." + table);
    }
    if (done.ok()) done = end_edit(db);
    return done.ok() ? transaction.commit() : done;
}

SqlStatus fill_settings_copy(Connection& db) {
    SqlStatus done = db.execute("BEGIN");
    for (const char* table : copied_tables)
        if (done.ok()) done = db.execute(std::string("CREATE TABLE copy.") + table + " AS SELECT * FROM main." + table);
    // Stored twice, in two forms: a damaged copy must not pass for a newer one.
    if (done.ok())
        done = db.execute("CREATE TABLE copy.copied AS SELECT revision, 'r' || revision AS again FROM main.settings_revision");
    if (done.ok()) done = db.execute("COMMIT");
    if (!done.ok() && db.in_transaction()) db.execute("ROLLBACK");
    return done;
}

/// An attached in-memory database, detached at the end.
class AttachedMemory {
public:
    explicit AttachedMemory(Connection& db) : db_(db), status_(db.execute("ATTACH ':memory:' AS copy")) {}
    ~AttachedMemory() {
        if (status_.ok()) db_.execute("DETACH copy");
    }
    AttachedMemory(const AttachedMemory&) = delete;
    AttachedMemory& operator=(const AttachedMemory&) = delete;
    const SqlStatus& status() const { return status_; }

private:
    Connection& db_;
    SqlStatus status_;
};

bool about_content(const std::string& complaint) {
    for (const char* begin : {"CHECK constraint failed", "NULL value in", "non-", "TEXT value in", "NUMERIC value in"})
        if (complaint.starts_with(begin)) return true;
    return false;
}

int past_deadline(void* deadline) {
    return std::chrono::steady_clock::now() > *static_cast<std::chrono::steady_clock::time_point*>(deadline) ? 1 : 0;
}

/// Removes the sessions: a copy may be stored anywhere, so it contains no sign-ins.
SqlStatus remove_sessions(Connection& copy) {
    if (!copy.number("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'web_sessions'")) return {};
    return copy.execute("PRAGMA secure_delete = ON; DELETE FROM web_sessions");
}

/// Makes a copy and syncs it, which VACUUM INTO does not.
Result<std::string> make_copy(Connection& db, const std::string& half, const std::string& target) {
    remove_file(half);
    make_file(half, Rights::copy);
    if (SqlStatus made = db.execute("VACUUM INTO " + sql_quoted(half)); !made.ok()) return made.failure("copy to " + target);
    Result<Connection> copy = Connection::open(half, OpenMode::read_write);
    if (!copy) return copy.failure();
    if (const SqlStatus left_out = remove_sessions(copy.value()); !left_out.ok())
        return left_out.failure("sessions of the copy " + target);
    std::string complaint;
    const SqlStatus checked = quick_check(copy.value(), 60000, complaint);
    if (!checked.ok()) return checked.failure("check of the copy " + target);
    if (!complaint.empty()) return Failure{Fault::wrong_device, "the copy " + target + " is damaged: " + complaint};
    copy.value().close();
    if (std::string problem = sync_file(half); !problem.empty()) return file_failure(problem);
    if (std::string problem = rename_durably(half, target); !problem.empty()) return file_failure(problem);
    return target;
}

}  // namespace

Result<std::string> copy_database_to(Connection& db, const std::string& target, bool replace) {
    if (!replace && file_exists(target)) return Failure{Fault::refused, target + " exists already"};
    const std::string half = target + ".tmp";
    Result<std::string> made = make_copy(db, half, target);
    if (!made) remove_file(half);
    return made;
}

Result<std::string> copy_database(Connection& db, const std::string& path) {
    remove_half_copies(path);
    Result<std::string> made = copy_database_to(db, next_name(path, ".copy-"));
    if (made) keep_newest(path, ".copy-");
    return made;
}

void remove_half_copies(const std::string& path) {
    for (const std::string& file : files_beside(path, ".copy-"))
        if (file.ends_with(".tmp") || file.ends_with(".tmp-journal")) remove_file(file);
}

std::vector<std::string> copies_of(const std::string& path) { return stamped(path, ".copy-"); }

Result<std::string> move_aside(const std::string& path, const std::string& kind) {
    const std::string target = next_name(path, kind);
    if (std::string problem = rename_durably(path, target); !problem.empty()) return file_failure(problem);
    for (const std::string part : {"-wal", "-shm", "-journal"})
        if (file_exists(path + part))
            if (std::string problem = rename_durably(path + part, target + part); !problem.empty()) return file_failure(problem);
    keep_newest(path, kind);
    return target;
}

Result<std::string> keep_aside(const std::string& path, const std::string& kind) {
    const std::string target = next_name(path, kind);
    if (!link_durably(path, target).empty())  // a file system without hard links
        if (std::string problem = rename_durably(path, target); !problem.empty()) return file_failure(problem);
    keep_newest(path, kind);
    return target;
}

std::vector<std::string> aside_of(const std::string& path) {
    std::vector<std::string> files = stamped(path, ".broken-");
    for (std::string& file : stamped(path, ".replaced-")) files.push_back(std::move(file));
    return files;
}

namespace {

std::string revision_note_of(const std::string& path) { return settings_copy_of(path) + ".revision"; }

}  // namespace

std::string settings_copy_of(const std::string& path) { return path + ".settings"; }

SqlStatus write_settings_copy(Connection& db, const std::string& path) {
    const std::string target = settings_copy_of(path), half = target + ".tmp";
    remove_file(half);
    remove_file(half + "-journal");
    make_file(half, Rights::copy);
    SqlStatus done = db.execute("ATTACH " + sql_quoted(half) + " AS copy");
    if (!done.ok()) return done;
    done = fill_settings_copy(db);
    const SqlStatus detached = db.execute("DETACH copy");
    if (done.ok()) done = detached;
    if (done.ok())
        if (std::string problem = rename_durably(half, target); !problem.empty()) done = {SQLITE_IOERR, problem};
    if (!done.ok()) remove_file(half);
    return done;
}

std::optional<std::int64_t> settings_copy_revision(const std::string& path) {
    const std::string copy = settings_copy_of(path);
    if (file_size(copy) == 0) return std::nullopt;
    Result<Connection> db = Connection::open(copy, OpenMode::read_only);
    if (!db) return std::nullopt;
    return db.value().number("SELECT revision FROM copied WHERE again = 'r' || revision");
}

void note_settings_revision(const std::string& path, std::int64_t revision) {
    const std::string note = revision_note_of(path), half = note + ".tmp";
    make_file(half, Rights::copy);
    if (std::ofstream file(half, std::ios::trunc); !(file << revision << '\n')) return;
    if (sync_file(half).empty()) rename_durably(half, note);
}

std::optional<std::int64_t> noted_settings_revision(const std::string& path) {
    std::ifstream file(revision_note_of(path));
    std::int64_t revision = 0;
    return file >> revision ? std::optional(revision) : std::nullopt;
}

void forget_settings_revision(const std::string& path) { remove_file(revision_note_of(path)); }

SqlStatus restore_settings_copy(Connection& db, const std::string& path) {
    const std::string copy = settings_copy_of(path);
    if (!file_exists(copy)) return {SQLITE_CANTOPEN, "there is no " + copy};
    SqlStatus done = db.execute("ATTACH " + sql_quoted(copy) + " AS copy");
    if (!done.ok()) return done;
    done = replace_settings(db, settings_copy_revision(path).value_or(0));
    db.execute("DETACH copy");
    return done;
}

Result<std::string> settings_image(Connection& db) {
    const AttachedMemory copy(db);
    SqlStatus done = copy.status();
    if (done.ok()) done = fill_settings_copy(db);
    if (!done.ok()) return done.failure("the settings cannot be copied");
    sqlite3_int64 size = 0;
    unsigned char* bytes = sqlite3_serialize(db.handle(), "copy", &size, 0);
    if (bytes == nullptr) return Failure{Fault::retry, "the settings cannot be copied: no memory"};
    std::string image(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    sqlite3_free(bytes);
    return image;
}

SqlStatus put_settings_image(Connection& db, const std::string& image, std::int64_t revision) {
    const AttachedMemory copy(db);
    if (!copy.status().ok()) return copy.status();
    auto* bytes = static_cast<unsigned char*>(sqlite3_malloc64(image.size()));
    if (bytes == nullptr) return {SQLITE_NOMEM, "no memory"};
    std::memcpy(bytes, image.data(), image.size());
    const auto size = static_cast<sqlite3_int64>(image.size());
    // SQLite frees the bytes, even if it refuses them.
    const int taken = sqlite3_deserialize(db.handle(), "copy", bytes, size, size, SQLITE_DESERIALIZE_FREEONCLOSE);
    if (taken != SQLITE_OK) return {taken, "the settings in memory cannot be read"};
    return replace_settings(db, revision);
}

SqlStatus quick_check(Connection& db, int limit_ms, std::string& complaint) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_ms);
    sqlite3_progress_handler(db.handle(), 10000, past_deadline, &deadline);
    Statement check = db.prepare("PRAGMA quick_check(1000)");
    while (complaint.empty() && check.row()) {
        const std::string text = check.text(0);
        if (text != "ok" && !about_content(text)) complaint = text;
    }
    sqlite3_progress_handler(db.handle(), 0, nullptr, nullptr);
    SqlStatus ended = check.status();
    if ((ended.code & 0xff) == SQLITE_INTERRUPT) return {};
    return ended;
}

std::vector<std::string> integrity_complaints(Connection& db) {
    std::vector<std::string> complaints;
    Statement check = db.prepare("PRAGMA integrity_check(100)");
    while (check.row())
        if (std::string text = check.text(0); text != "ok") complaints.push_back("integrity_check: " + text);
    if (!check.status().ok()) complaints.push_back("integrity_check: " + check.status().text);
    return complaints;
}

}  // namespace volt
