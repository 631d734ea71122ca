// A directory for each test, removed at the end; and waiting for a condition.
#pragma once

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/sqlite/sqlite.hpp"
#include "tests/fakes/patience.hpp"

namespace volt::test {

class TempDir {
public:
    TempDir() {
        // In memory if possible: hundreds of durable commits are slow on a shared disk.
        const std::filesystem::path memory = "/dev/shm";
        const bool fast = ::access(memory.c_str(), W_OK) == 0;
        std::string name = ((fast ? memory : std::filesystem::temp_directory_path()) / "voltd-store-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    std::string file(const std::string& name = "voltd.db") const { return path_ + "/" + name; }

private:
    std::string path_;
};

/// Returns true as soon as `condition` holds, false after `testing::patience`.
template <class Condition>
bool holds_soon(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + testing::patience;
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return condition();
}

inline Connection open_file(const std::string& path, OpenMode mode = OpenMode::create) {
    Result<Connection> db = Connection::open(path, mode);
    REQUIRE_MESSAGE(db.ok(), (db ? "" : db.failure().text));
    db.value().busy_timeout(5000);
    return std::move(db.value());
}

/// Returns a database in memory with the whole schema: migrated once, then copied.
inline Connection new_schema() {
    static Connection migrated = [] {
        Connection db = open_file(":memory:");
        const auto done = migrate(db, built_in_migrations());
        REQUIRE_MESSAGE(done.ok(), (done ? "" : done.failure().text));
        return db;
    }();
    Connection db = open_file(":memory:");
    sqlite3_backup* copy = sqlite3_backup_init(db.handle(), "main", migrated.handle(), "main");
    REQUIRE(copy != nullptr);
    REQUIRE(sqlite3_backup_step(copy, -1) == SQLITE_DONE);
    REQUIRE(sqlite3_backup_finish(copy) == SQLITE_OK);
    return db;
}

inline void must(Connection& db, const std::string& sql) {
    const SqlStatus done = db.execute(sql);
    REQUIRE_MESSAGE(done.ok(), sql, ": ", done.text);
}

}  // namespace volt::test
