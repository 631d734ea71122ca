#include "drivers/store/schema/migrations.hpp"

#include <fstream>
#include <iterator>

#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace migrations_test {

namespace {

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

Migration step(int number, const std::string& name) {
    return {number, name, "CREATE TABLE " + name.substr(4) + " (a INTEGER) STRICT;", "DROP TABLE " + name.substr(4) + ";",
            "SELECT 'bad ' || a FROM " + name.substr(4) + " WHERE a < 0;"};
}

const std::vector<Migration> two = {step(1, "001_first"), step(2, "002_second")};

std::string refusal(const Result<SchemaStatus>& status) {
    REQUIRE_FALSE(status.ok());
    CHECK(status.failure().fault == Fault::refused);
    return status.failure().text;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("built-in migrations have no gaps, and undo to nothing") {
    Connection db = open_file(":memory:");
    const auto& all = built_in_migrations();
    const int count = all.back().number;
    auto status = schema_status(db, all);
    REQUIRE(status.ok());
    CHECK(status.value().version == 0);
    CHECK(status.value().latest == count);
    CHECK(status.value().pending.size() == all.size());
    CHECK(status.value().pending.front() == "001_settings");

    auto applied = migrate(db, all);
    REQUIRE_MESSAGE(applied.ok(), (applied ? "" : applied.failure().text));
    CHECK(applied.value().size() == all.size());
    CHECK(migrate(db, all).value().empty());
    CHECK(schema_status(db, all).value().pending.empty());
    CHECK(db.number("SELECT count(*) FROM schema_migrations WHERE length(sha256) = 64 AND applied_at LIKE '____-__-__T%Z'") ==
          count);

    const auto complaints = verify(db, all);
    REQUIRE(complaints.ok());
    for (const std::string& complaint : complaints.value()) MESSAGE(complaint);
    CHECK(complaints.value().empty());

    const std::string schema = db.text("SELECT group_concat(sql) FROM sqlite_master").value();
    auto undone = roll_back(db, all, 0);
    REQUIRE_MESSAGE(undone.ok(), (undone ? "" : undone.failure().text));
    CHECK(undone.value().front() == all.back().name);
    CHECK(db.number("SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'schema_migrations'") == 0);
    CHECK(migrate(db, all).value().size() == all.size());
    CHECK(db.text("SELECT group_concat(sql) FROM sqlite_master").value().size() == schema.size());
}

TEST_CASE("each built-in step can be undone and redone") {
    const auto& all = built_in_migrations();
    for (int version = 1; version <= static_cast<int>(all.size()); ++version) {
        Connection db = open_file(":memory:");
        const std::vector<Migration> some(all.begin(), all.begin() + version);
        REQUIRE(migrate(db, some).ok());
        const auto undone = roll_back(db, some, version - 1);
        REQUIRE_MESSAGE(undone.ok(), version, (undone ? "" : undone.failure().text));
        const auto again = migrate(db, some);
        REQUIRE_MESSAGE(again.ok(), version, (again ? "" : again.failure().text));
        CHECK(verify(db, some).value().empty());
    }
}

TEST_CASE("files of a migration do not end its transaction") {
    for (const Migration& migration : built_in_migrations())
        for (const std::string* sql : {&migration.up, &migration.down})
            for (const char* word : {"COMMIT", "ROLLBACK", "BEGIN IMMEDIATE", "BEGIN;", "VACUUM", "PRAGMA"})
                CHECK_FALSE(has(*sql, word));
}

TEST_CASE("refuses a duplicate number or gap, naming the files") {
    Connection db = open_file(":memory:");
    const std::string doubled = refusal(schema_status(db, {step(1, "001_first"), step(1, "001_other")}));
    CHECK(has(doubled, "schema/001_first.up.sql and schema/001_other.up.sql have the same number"));
    CHECK(has(refusal(schema_status(db, {step(1, "001_first"), step(3, "003_third")})), "schema/003_third.up.sql"));
    CHECK_FALSE(migrate(db, {step(2, "002_second")}).ok());
    CHECK(db.number("SELECT count(*) FROM sqlite_master") == 0);
}

TEST_CASE("leaves a newer database completely unchanged") {
    TempDir dir;
    {
        Connection db = open_file(dir.file());
        REQUIRE(migrate(db, two).ok());
    }
    const std::string before = bytes_of(dir.file());
    {
        Connection db = open_file(dir.file(), OpenMode::read_write);
        const std::string text = refusal(schema_status(db, {two[0]}));
        CHECK(has(text, "newer"));
        CHECK(has(text, "002_second"));
        CHECK_FALSE(migrate(db, {two[0]}).ok());
        CHECK_FALSE(roll_back(db, {two[0]}, 0).ok());
    }
    CHECK(bytes_of(dir.file()) == before);
}

TEST_CASE("refuses a renamed or edited file after it was applied") {
    Connection db = open_file(":memory:");
    REQUIRE(migrate(db, two).ok());
    std::vector<Migration> edited = two;
    edited[1].up += " ";
    CHECK(has(refusal(schema_status(db, edited)), "schema/002_second.up.sql was changed after it was applied"));
    std::vector<Migration> renamed = two;
    renamed[0].name = "001_another";
    CHECK(has(refusal(schema_status(db, renamed)), "001_first"));
    edited = two;
    edited[1].down += " ";
    edited[1].verify += " ";
    CHECK(schema_status(db, edited).ok());
}

TEST_CASE("refuses a foreign database or an incomplete record") {
    Connection db = open_file(":memory:");
    must(db, "CREATE TABLE songs (a)");
    CHECK(has(refusal(schema_status(db, two)), "not a voltd database"));
    Connection holed = open_file(":memory:");
    REQUIRE(migrate(holed, two).ok());
    must(holed, "DELETE FROM schema_migrations WHERE number = 1");
    CHECK(has(refusal(schema_status(holed, two)), "gap"));
}

TEST_CASE("a failed migration keeps the previous version") {
    Connection db = open_file(":memory:");
    std::vector<Migration> broken = two;
    broken[1].up = "CREATE TABLE second (a); CREATE TABLE second (a);";
    const auto failed = migrate(db, broken);
    REQUIRE_FALSE(failed.ok());
    CHECK(has(failed.failure().text, "schema/002_second.up.sql"));
    CHECK(schema_status(db, two).value().version == 1);
    CHECK(db.number("SELECT count(*) FROM sqlite_master WHERE name = 'second'") == 0);
    CHECK_FALSE(db.in_transaction());
    CHECK(migrate(db, two).value().size() == 1);
}

TEST_CASE("verify: reports rows, failed queries and missing parents") {
    Connection db = open_file(":memory:");
    REQUIRE(migrate(db, two).ok());
    must(db, "INSERT INTO second VALUES (-3)");
    CHECK(verify(db, two).value() == std::vector<std::string>{"002_second: bad -3"});
    must(db, "DROP TABLE first");
    CHECK(verify(db, two).value().size() == 2);

    Connection real = new_schema();
    must(real,
         "PRAGMA foreign_keys = OFF; DELETE FROM hvac_zones WHERE slug = 'heat-room'; DROP TRIGGER "
         "trg_users_updated_at");
    const auto complaints = verify(real, built_in_migrations()).value();
    CHECK(complaints.size() == 3);  // one trigger, two miners without their zone
}

}  // namespace migrations_test
