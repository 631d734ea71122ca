#include "drivers/store/recovery/backup_log.hpp"

#include <doctest/doctest.h>

#include "drivers/store/store.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace backup_log_test {

TEST_CASE("backups: reports the newest one, and two consecutive failures") {
    Connection db = new_schema();
    CHECK(read_backup_log(db).begun);
    CHECK_FALSE(read_backup_log(db).newest);
    const auto add = [&](std::int64_t at, const char* error) {
        REQUIRE(write_backup(db, {Utc{at}, "/media/stick/" + std::to_string(at), error[0] == '\0' ? 7U : 0U, error}).ok());
        return read_backup_log(db);
    };
    CHECK(add(1000, "first").error.empty());
    CHECK(add(2000, "second").error == "second");
    CHECK(add(3000, "third").error == "third");
    BackupLog log = add(4000, "");
    CHECK(log.error.empty());
    CHECK(log.newest == Utc{4000});
    CHECK(log.path == "/media/stick/4000");
    log = add(5000, "fourth");
    CHECK(log.error.empty());
    CHECK(log.newest == Utc{4000});
    CHECK(add(6000, "fifth").error == "fifth");
}

TEST_CASE("a database without the table has no backups") {
    Connection db = open_file(":memory:");
    CHECK(read_backup_log(db) == BackupLog{});
    CHECK_FALSE(write_backup(db, {Utc{1}, "/x", 1, ""}).ok());
}

TEST_CASE("voltd notices a voltctl backup while it runs") {
    const TempDir dir;
    Result<OpenedStore> opened = open_store(dir.file());
    REQUIRE(opened);
    Store& store = *opened.value().store;
    CHECK(store.health().backups.begun);
    Connection other = open_file(dir.file());
    REQUIRE(write_backup(other, {Utc{1000}, "/media/stick", 0, "the stick is full"}).ok());
    REQUIRE(write_backup(other, {Utc{2000}, "/media/stick", 0, "the stick is gone"}).ok());
    CHECK(holds_soon([&] { return store.health().backups.error == "the stick is gone"; }));
    REQUIRE(write_backup(other, {Utc{3000}, "/media/stick", 9, ""}).ok());
    CHECK(holds_soon([&] { return store.health().backups.newest == Utc{3000} && store.health().backups.error.empty(); }));
    store.close(20s);
}

}  // namespace backup_log_test
