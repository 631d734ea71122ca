#include "drivers/store/sqlite/sqlite.hpp"

#include <sqlite3.h>

#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("statements bind and read every kind, including NULL") {
    Connection db = open_file(":memory:");
    must(db, "CREATE TABLE t (i INTEGER, r REAL, s TEXT)");
    Statement insert = db.prepare("INSERT INTO t VALUES (?1, ?2, ?3)");
    CHECK(insert.bind(1, std::int64_t{7}).bind(2, 2.5).bind(3, "it's").run().ok());
    CHECK(insert.bind(1, std::optional<std::int64_t>()).run().ok());  // run() clears: the rest is NULL
    Statement query = db.prepare("SELECT i, r, s FROM t ORDER BY rowid");
    REQUIRE(query.row());
    CHECK(query.integer(query.column("i")) == 7);
    CHECK(query.real(1) == 2.5);
    CHECK(query.text(2) == "it's");
    REQUIRE(query.row());
    CHECK(query.is_null(0));
    CHECK(query.is_null(2));
    CHECK_FALSE(query.row());
    CHECK(query.status().ok());
    CHECK(query.column("none") == -1);
}

TEST_CASE("a failed prepare is reported at the end") {
    Connection db = open_file(":memory:");
    Statement bad = db.prepare("SELECT a FROM nowhere");
    CHECK_FALSE(bad.bind(1, 1.0).row());
    CHECK_FALSE(bad.status().ok());
    CHECK(bad.status().text == "no such table: nowhere");
    CHECK(db.prepare("").run().code == SQLITE_MISUSE);
}

TEST_CASE("maps extended codes to kinds and faults") {
    Connection db = open_file(":memory:");
    must(db, "CREATE TABLE t (a INTEGER NOT NULL CHECK (a > 0)) STRICT");
    const SqlStatus check = db.execute("INSERT INTO t VALUES (0)");
    CHECK(check.code == SQLITE_CONSTRAINT_CHECK);
    CHECK(check.bad_row());
    CHECK(check.failure("x").fault == Fault::refused);
    CHECK(SqlStatus{SQLITE_FULL, ""}.full());
    CHECK(SqlStatus{SQLITE_FULL, ""}.failure("x").fault == Fault::retry);
    CHECK(SqlStatus{SQLITE_NOTADB, ""}.broken());
    CHECK(SqlStatus{SQLITE_BUSY_SNAPSHOT, ""}.busy());
    CHECK(SqlStatus{SQLITE_IOERR_WRITE, ""}.failure("x").fault == Fault::reconnect);
    CHECK_FALSE(Connection::open("/nowhere/at/all.db", OpenMode::create).ok());
}

TEST_CASE("reads a frozen file with any name, and never writes it") {
    TempDir dir;
    const std::string path = dir.file("a?b#c%41.db");
    {
        Connection db = open_file(path);
        must(db, "CREATE TABLE t (a); INSERT INTO t VALUES (5)");
    }
    Connection db = open_file(path, OpenMode::frozen);
    CHECK(db.number("SELECT a FROM t") == 5);
    CHECK(db.execute("INSERT INTO t VALUES (6)").only_read());
}

TEST_CASE("an uncommitted transaction leaves nothing") {
    Connection db = open_file(":memory:");
    must(db, "CREATE TABLE t (a)");
    {
        Transaction transaction(db);
        must(db, "INSERT INTO t VALUES (1)");
    }
    CHECK(db.number("SELECT count(*) FROM t") == 0);
    {
        Transaction transaction(db);
        must(db, "INSERT INTO t VALUES (1)");
        CHECK(transaction.commit().ok());
    }
    CHECK(db.number("SELECT count(*) FROM t") == 1);
    CHECK_FALSE(db.in_transaction());
}

TEST_CASE("foreign keys are enabled, and quotes are doubled") {
    Connection db = open_file(":memory:");
    CHECK(db.number("PRAGMA foreign_keys") == 1);
    CHECK(sql_quoted("a'b") == "'a''b'");
    CHECK(db.text("SELECT " + sql_quoted("a'b")) == "a'b");
}
