#include "drivers/store/settings/open.hpp"

#include <errno.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/settings/write.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt {

namespace {

EditFailure unavailable(const std::string& path, const std::string& text) {
    return {EditFault::unavailable, path + ": " + text, {}, {}};
}

std::string group_of(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return "voltd";
    group entry{};
    group* found = nullptr;
    std::array<char, 4096> room{};
    if (::getgrgid_r(about.st_gid, &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
        return std::to_string(about.st_gid);
    return found->gr_name;
}

EditFailure not_permitted(const std::string& path, const std::string& place, const char* what) {
    const std::string group = group_of(place), text = std::string("you may not ") + what + " it: use sudo";
    if (group == "root") return unavailable(path, text);
    return unavailable(path,
                       text + ", or join the group " + group + " (sudo usermod -aG " + group + " $USER, then log in again)");
}

std::optional<EditFailure> check_file(const std::string& path, bool to_write) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) {
        if (errno == EACCES) return not_permitted(path, directory_of(path), "reach");
        if (errno != ENOENT && errno != ENOTDIR) return unavailable(path, std::strerror(errno));
        return unavailable(
            path, "the database does not exist yet; voltd creates it when it first starts (so does `voltctl db migrate`)");
    }
    if (!S_ISREG(about.st_mode)) return unavailable(path, "not a regular file");
    if (::access(path.c_str(), R_OK) != 0) return not_permitted(path, path, "read");
    if (about.st_size == 0) return unavailable(path, "the file is empty; voltd creates the database when it starts");
    if (!to_write) return std::nullopt;
    // SQLite keeps its log next to the file.
    for (const std::string& place : {path, directory_of(path)})
        if (::access(place.c_str(), W_OK) != 0) {
            if (errno == EROFS) return unavailable(path, "the file system is read-only");
            return not_permitted(path, place, "change");
        }
    return std::nullopt;
}

template <class Wait>
Edit<Connection> connect(const std::string& path, bool to_write, const Wait& wait) {
    Result<Connection> db = Connection::open(path, to_write ? OpenMode::read_write : OpenMode::read_only);
    if (!db) return unavailable(path, db.failure().text);
    wait(db.value());
    SqlStatus checked = db.value().execute("PRAGMA schema_version");
    if (checked.only_read() && !to_write) {
        // Nothing can be written next to the file, so no program writes into it either.
        db = Connection::open(path, OpenMode::frozen);
        if (!db) return unavailable(path, db.failure().text);
        checked = db.value().execute("PRAGMA schema_version");
    }
    if (!checked.ok()) return unavailable(path, edit_failure(checked).text);
    return std::move(db.value());
}

std::optional<EditFailure> check_schema(Connection& db, const std::string& path) {
    const Result<SchemaStatus> schema = schema_status(db, built_in_migrations());
    if (!schema) return unavailable(path, schema.failure().text);
    if (schema.value().pending.empty()) return std::nullopt;
    return unavailable(path, "its schema is older than this voltctl (" + std::to_string(schema.value().version) + " of " +
                                 std::to_string(schema.value().latest) + "); restart voltd, or run `voltctl db migrate`");
}

template <class Wait>
Edit<Connection> open_and_check(const std::string& path, bool to_write, const Wait& wait) {
    if (auto failure = check_file(path, to_write)) return *failure;
    Edit<Connection> db = connect(path, to_write, wait);
    if (!db) return db;
    if (auto failure = check_schema(db.value(), path)) return *failure;
    return db;
}

}  // namespace

Edit<Connection> open_settings(const std::string& path, bool to_write, int busy_ms) {
    return open_and_check(path, to_write, [busy_ms](Connection& db) { db.busy_timeout(busy_ms); });
}

Edit<Connection> open_settings(const std::string& path, bool to_write, const LockWait& wait) {
    return open_and_check(path, to_write, [&wait](Connection& db) { db.wait_with(wait); });
}

}  // namespace volt
