// Opening: new, damaged in every way, restored from copies, refused, without rights.
#include "drivers/store/recovery/database.hpp"

#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;
namespace fs = std::filesystem;

namespace {

OpenedDatabase open(const std::string& path) {
    Result<OpenedDatabase> opened = open_database(path, built_in_migrations(), {});
    REQUIRE_MESSAGE(opened.ok(), (opened ? "" : opened.failure().text));
    return std::move(opened.value());
}

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void overwrite(const std::string& path, std::size_t at, const std::string& bytes) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Makes a database that the owner has used, closed properly. Its settings copy is up to date.
void make_used(const std::string& path) {
    OpenedDatabase opened = open(path);
    must(opened.connection, "UPDATE user_preferences SET voltage_low = 47.77");
    must(opened.connection, "DELETE FROM miner_profiles WHERE slug = 'dump-load-s19-1'");
    must(opened.connection,
         "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO events "
         "(at, level, kind, message) SELECT i, 'info', 'x', 'something that takes some room' FROM n");
    const SqlStatus copied = write_settings_copy(opened.connection, path);
    REQUIRE_MESSAGE(copied.ok(), copied.text);
}

void check_owners_settings(OpenedDatabase& opened) {
    CHECK(opened.connection.number("SELECT round(voltage_low * 100) FROM user_preferences") == 4777);
    CHECK(opened.connection.number("SELECT count(*) FROM miner_profiles") == 1);
    CHECK(opened.connection.text("PRAGMA quick_check") == "ok");
}

}  // namespace

TEST_CASE("configures a new database, and changes nothing when reopened") {
    TempDir dir;
    CHECK_FALSE(open_database(dir.file("deep/er/voltd.db"), built_in_migrations(), {}).ok());
    CHECK_FALSE(fs::exists(dir.file("deep")));  // the program that takes the lock makes it once
    fs::create_directories(dir.file("deep/er"));
    const std::string path = dir.file("deep/er/voltd.db");
    {
        OpenedDatabase opened = open(path);
        CHECK(opened.notes.size() == built_in_migrations().size());
        CHECK_FALSE(opened.restored);
        CHECK(opened.connection.text("PRAGMA journal_mode") == "wal");
        CHECK(opened.connection.number("PRAGMA synchronous") == 2);
        CHECK(opened.connection.number("PRAGMA page_size") == 1024);
        CHECK(opened.connection.number("PRAGMA max_page_count") == 512 * 1024);
        CHECK(opened.connection.number("PRAGMA foreign_keys") == 1);
    }
    OpenedDatabase again = open(path);
    CHECK(again.notes.empty());
    CHECK_FALSE(again.restored);
    CHECK(file_exists(settings_copy_of(path)));
}

TEST_CASE("the group may edit with any umask, others have no access") {
    const TempDir dir;
    const auto mode_of = [](const std::string& path) { return fs::status(path).permissions() & fs::perms::all; };
    const mode_t before = ::umask(0007);
    {
        const OpenedDatabase opened = open(dir.file());
        for (const char* part : {"", "-wal", "-shm"}) CHECK_MESSAGE(mode_of(dir.file() + part) == fs::perms{0660}, part);
    }
    for (const mode_t mask : {mode_t{0}, mode_t{0022}, mode_t{0077}}) {
        ::umask(mask);
        const std::string path = dir.file("other-" + std::to_string(mask) + ".db");
        OpenedDatabase opened = open(path);
        REQUIRE(write_settings_copy(opened.connection, path).ok());
        REQUIRE(copy_database(opened.connection, path).ok());
        for (const char* part : {"", "-wal", "-shm"}) CHECK_MESSAGE(mode_of(path + part) == fs::perms{0660}, part);
        CHECK(mode_of(settings_copy_of(path)) == fs::perms{0640});
        CHECK(mode_of(copies_of(path).front()) == fs::perms{0640});
    }
    ::umask(before);
}

TEST_CASE("restores damaged files with an alarm until acknowledged") {
    struct Damage {
        const char* name;
        void (*act)(const std::string& path);
    };
    const Damage damages[] = {
        {"garbage", [](const std::string& p) { std::ofstream(p, std::ios::trunc) << std::string(20000, 'g'); }},
        {"header gone", [](const std::string& p) { overwrite(p, 0, std::string(100, '\0')); }},
        {"a zeroed page", [](const std::string& p) { overwrite(p, 4096, std::string(4096, '\0')); }},
        {"truncated to half", [](const std::string& p) { fs::resize_file(p, fs::file_size(p) / 2); }},
        {"truncated by a page and a byte", [](const std::string& p) { fs::resize_file(p, fs::file_size(p) - 4097); }},
        {"one page left", [](const std::string& p) { fs::resize_file(p, 4096); }},
        {"ten bytes left", [](const std::string& p) { fs::resize_file(p, 10); }},
    };
    for (const Damage& damage : damages) {
        const std::string name(damage.name);
        CAPTURE(name);
        TempDir dir;
        make_used(dir.file());
        damage.act(dir.file());
        std::ofstream(dir.file("voltd.db-wal")) << "rest";
        OpenedDatabase opened = open(dir.file());
        CHECK(opened.restored);
        REQUIRE_FALSE(opened.notes.empty());
        CHECK(opened.notes.front().find("broken") != std::string::npos);
        check_owners_settings(opened);
        CHECK(files_beside(dir.file(), ".broken-").size() >= 2);
        opened.connection.close();
        OpenedDatabase later = open(dir.file());
        CHECK(later.restored);
        CHECK(later.notes.empty());
        must(later.connection, "UPDATE database_restores SET acknowledged_at = 1");
        later.connection.close();
        CHECK_FALSE(open(dir.file()).restored);
    }
}

TEST_CASE("opens a database truncated anywhere") {
    TempDir dir;
    make_used(dir.file());
    const std::string whole = bytes_of(dir.file());
    int restored = 0;
    for (std::size_t size = 0; size < whole.size(); size += 512 * 13) {
        std::ofstream(dir.file(), std::ios::binary | std::ios::trunc).write(whole.data(), static_cast<std::streamsize>(size));
        OpenedDatabase opened = open(dir.file());
        restored += opened.restored ? 1 : 0;
        CAPTURE(size);
        check_owners_settings(opened);
    }
    CHECK(restored > 10);
    std::size_t aside = 0;
    for (const std::string& file : files_beside(dir.file(), ".broken-"))
        if (file.ends_with("Z")) ++aside;
    CHECK(aside == copies_kept);
}

TEST_CASE("restores a lost database from its copy") {
    TempDir dir;
    make_used(dir.file());
    fs::resize_file(dir.file(), 0);
    {
        OpenedDatabase opened = open(dir.file());
        CHECK(opened.restored);
        check_owners_settings(opened);
    }
    fs::remove(dir.file());
    {
        OpenedDatabase opened = open(dir.file());
        CHECK(opened.restored);
        check_owners_settings(opened);
    }
    TempDir other;
    std::ofstream(other.file()).flush();
    CHECK_FALSE(open(other.file()).restored);
}

TEST_CASE("the schema is in the file itself, not only in its WAL") {
    TempDir dir;
    {
        OpenedDatabase opened = open(dir.file());
        CHECK(file_size(dir.file() + "-wal") == 0);
        must(opened.connection, "UPDATE user_preferences SET voltage_low = 47.77");
        must(opened.connection, "DELETE FROM miner_profiles WHERE slug = 'dump-load-s19-1'");
        REQUIRE(write_settings_copy(opened.connection, dir.file()).ok());
    }
    fs::remove(dir.file());
    {
        Connection empty = open_file(dir.file());
        must(empty, "PRAGMA journal_mode = WAL");
    }
    REQUIRE(file_size(dir.file()) == 4096);
    OpenedDatabase opened = open(dir.file());
    CHECK(opened.restored);
    check_owners_settings(opened);
}

TEST_CASE("restores the newest sound copy, skipping broken ones") {
    TempDir dir;
    make_used(dir.file());
    {
        OpenedDatabase opened = open(dir.file());
        REQUIRE(copy_database(opened.connection, dir.file()).ok());
        must(opened.connection, "UPDATE user_preferences SET voltage_low = 47.78");
        REQUIRE(write_settings_copy(opened.connection, dir.file()).ok());
    }
    std::ofstream(dir.file() + ".copy-99990101T000000.000Z") << std::string(9000, 'x');
    overwrite(dir.file(), 0, std::string(4096, 'x'));
    OpenedDatabase opened = open(dir.file());
    CHECK(opened.restored);
    CHECK(opened.connection.number("SELECT count(*) FROM events") == 3001);
    CHECK(opened.connection.number("SELECT round(voltage_low * 100) FROM user_preferences") == 4778);
    CHECK(opened.connection.text("SELECT who FROM settings_history ORDER BY id DESC LIMIT 1") == "restore");
    CHECK(opened.connection.text("SELECT who FROM settings_revision") == "");
}

TEST_CASE("ignores a damaged settings copy and uses defaults") {
    TempDir dir;
    make_used(dir.file());
    {
        Connection copy = open_file(settings_copy_of(dir.file()));
        must(copy, "UPDATE user_preferences SET voltage_low = 99");
    }
    overwrite(dir.file(), 0, std::string(4096, 'x'));
    OpenedDatabase opened = open(dir.file());
    CHECK(opened.restored);
    CHECK(opened.notes.front().find("settings not restored") != std::string::npos);
    CHECK(opened.connection.number("SELECT voltage_low FROM user_preferences") == 47);
    CHECK(opened.connection.number("SELECT count(*) FROM miner_profiles") == 2);
}

TEST_CASE("content that breaks a rule is not file damage") {
    TempDir dir;
    {
        OpenedDatabase opened = open(dir.file());
        must(opened.connection, "PRAGMA ignore_check_constraints = ON; UPDATE hvac_zones SET fan_max_level = 999");
    }
    OpenedDatabase opened = open(dir.file());
    CHECK_FALSE(opened.restored);
    CHECK(read_settings(opened.connection, {}).value().problems.size() == 2);
}

TEST_CASE("refuses a newer database without changing it") {
    TempDir dir;
    {
        OpenedDatabase opened = open(dir.file());
        must(opened.connection,
             "INSERT INTO schema_migrations SELECT max(number) + 1, 'one_future', 'x', 'now', 1 FROM schema_migrations");
    }
    fs::remove(settings_copy_of(dir.file()));
    const std::string before = bytes_of(dir.file());
    const Result<OpenedDatabase> refused = open_database(dir.file(), built_in_migrations(), {});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().fault == Fault::refused);
    CHECK(refused.failure().text.find("one_future") != std::string::npos);
    CHECK(bytes_of(dir.file()) == before);
    CHECK_FALSE(file_exists(settings_copy_of(dir.file())));
}

TEST_CASE("copies an old database before its first migration") {
    TempDir dir;
    const auto& all = built_in_migrations();
    std::vector<Migration> growing(all.begin(), all.end());
    { open(dir.file()); }
    const int last = all.back().number;
    for (int number = last + 1; number <= last + 5; ++number) {
        const std::string name = "00" + std::to_string(number) + "_more" + std::to_string(number);
        growing.push_back({number, name, "CREATE TABLE more" + std::to_string(number) + " (a) ;", "", ""});
        Result<OpenedDatabase> opened = open_database(dir.file(), growing, {});
        REQUIRE(opened.ok());
        REQUIRE(opened.value().notes.size() == 2);
        CHECK(opened.value().notes[0].find("before migration") != std::string::npos);
    }
    const auto copies = copies_of(dir.file());
    REQUIRE(copies.size() == 3);
    CHECK(schema_status(copies[0]).failure().fault == Fault::refused);  // made before the last migration, has the previous
                                                                        // version
    Connection newest = open_file(copies[0], OpenMode::read_only);
    CHECK(newest.number("SELECT max(number) FROM schema_migrations") == last + 4);
    CHECK(newest.text("PRAGMA quick_check") == "ok");
}

TEST_CASE("a named copy never replaces a file") {
    TempDir dir;
    OpenedDatabase opened = open(dir.file());
    REQUIRE(copy_database_to(opened.connection, dir.file("mine.db")).ok());
    CHECK(copy_database_to(opened.connection, dir.file("mine.db")).failure().fault == Fault::refused);
    CHECK(schema_status(dir.file("mine.db")).value().version == built_in_migrations().back().number);
    CHECK_FALSE(file_exists(dir.file("mine.db.tmp")));
}

TEST_CASE("an unopenable place is a temporary fault, not a refusal") {
    TempDir dir;
    fs::create_directory(dir.file("voltd.db"));
    const auto failed = open_database(dir.file(), built_in_migrations(), {});
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.failure().fault == Fault::reconnect);
    CHECK(open_database("/proc/nowhere/voltd.db", built_in_migrations(), {}).failure().fault == Fault::reconnect);
}
