// Rows of users and sessions, and copies that must not contain them.
#include "drivers/store/settings/accounts.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "drivers/store/recovery/backup.hpp"
#include "drivers/store/recovery/database.hpp"
#include "drivers/store/recovery/maintenance.hpp"
#include "drivers/store/recovery/restore_notes.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/store.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace accounts_test {

namespace {

const std::string admin = "a0000000-0000-0000-0000-000000000001", hash(64, 'a');

SessionRow phone() {
    return {"b0000000-0000-0000-0000-000000000001",
            admin,
            hash,
            "browser",
            "operate",
            "Phone",
            1'750'507'200s,
            1'785'067'200s,
            "2025-06-21"};
}

std::int64_t sessions_in(const std::string& path) {
    Connection db = open_file(path, OpenMode::read_only);
    return db.number("SELECT count(*) FROM web_sessions").value_or(-1);
}

/// Makes a whole database with one browser signed in.
void make(const std::string& path) {
    Result<OpenedDatabase> opened = open_database(path, built_in_migrations(), {});
    REQUIRE(opened);
    REQUIRE(write_session(opened.value().connection, phone()).ok());
    REQUIRE(write_settings_copy(opened.value().connection, path).ok());
}

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("reads a session as written, and refuses invalid ones") {
    Connection db = new_schema();
    REQUIRE(write_session(db, phone()).ok());
    const auto read = read_sessions(db);
    REQUIRE(read);
    REQUIRE(read.value().size() == 1);
    const SessionRow& row = read.value().front();
    CHECK((row.id == phone().id && row.user_id == admin && row.secret_sha256 == hash && row.kind == "browser"));
    CHECK((row.role == "operate" && row.name == "Phone" && row.last_seen_on == "2025-06-21"));
    CHECK((row.created == phone().created && row.expires == phone().expires));
    const auto refused = [&](auto change) {
        SessionRow wrong = phone();
        wrong.id.back() = '2';
        wrong.secret_sha256.back() = 'b';
        change(wrong);
        return !write_session(db, wrong).ok();
    };
    CHECK_FALSE(refused([](SessionRow&) {}));
    CHECK(refused([](SessionRow& it) { it.id = "x"; }));
    CHECK(refused([](SessionRow& it) { it.secret_sha256 = "secret"; }));
    CHECK(refused([](SessionRow& it) { it.kind = "robot"; }));
    CHECK(refused([](SessionRow& it) { it.role = "owner"; }));
    CHECK(refused([](SessionRow& it) { it.role = "propose"; }));
    CHECK(refused([](SessionRow& it) { it.user_id.clear(); }));
    CHECK(refused([](SessionRow& it) { it.kind = "program"; }));
    CHECK(refused([](SessionRow& it) { it.name.clear(); }));
    CHECK(refused([](SessionRow& it) { it.name = std::string(65, 'a'); }));
    REQUIRE(remove_session(db, phone().id).ok());
    CHECK(read_sessions(db).value().size() == 1);
}

TEST_CASE("users: keep the last admin and the settings' owner") {
    Connection db = new_schema();
    CHECK(add_user(db, "guest@example.org", "user").empty());
    CHECK(add_user(db, "second@example.org", "admin").empty());
    CHECK_FALSE(add_user(db, "x", "user").empty());
    CHECK_FALSE(add_user(db, "x@example.org", "king").empty());
    CHECK_FALSE(add_user(db, "GUEST@example.org", "user").empty());
    REQUIRE(set_last_login(db, admin, 1'750'507'200s).ok());
    const auto users = read_users(db).value();
    REQUIRE(users.size() == 3);
    CHECK(users[0].last_login == "2025-06-21T12:00:00Z");
    CHECK((users[2].email == "guest@example.org" && users[2].role == "user" && users[2].last_login.empty()));
    CHECK_FALSE(remove_user(db, admin).empty());
    CHECK(remove_user(db, users[1].id).empty());
    CHECK(remove_user(db, users[2].id).empty());
    CHECK(read_users(db).value().size() == 1);
}

TEST_CASE("no copy contains a session, not even its bytes") {
    TempDir dir;
    make(dir.file());
    REQUIRE(back_up_database(dir.file(), built_in_migrations(), dir.file("b.db"), false));
    CHECK(sessions_in(dir.file("b.db")) == 0);
    CHECK(bytes_of(dir.file("b.db")).find(hash) == std::string::npos);
    CHECK(bytes_of(settings_copy_of(dir.file())).find(hash) == std::string::npos);
    CHECK(sessions_in(dir.file()) == 1);
    Connection db = open_file(dir.file());
    REQUIRE(restore_settings_copy(db, dir.file()).ok());
    CHECK(read_sessions(db).value().size() == 1);
}

TEST_CASE("a restored database keeps the current sessions") {
    TempDir dir;
    make(dir.file("other.db"));
    make(dir.file());
    {
        Connection db = open_file(dir.file());
        REQUIRE(db.execute("UPDATE web_sessions SET name = 'Tablet'; PRAGMA wal_checkpoint(TRUNCATE)").ok());
    }
    const auto kept = restore_database(dir.file(), built_in_migrations(), dir.file("other.db"));
    REQUIRE(kept);
    CHECK(kept.value().sessions == 1);
    Connection db = open_file(dir.file());
    REQUIRE(read_sessions(db).value().size() == 1);
    CHECK(read_sessions(db).value()[0].name == "Tablet");
    db.close();
    REQUIRE(restore_database(dir.file("new.db"), built_in_migrations(), dir.file("other.db")));
    CHECK(sessions_in(dir.file("new.db")) == 0);
}

TEST_CASE("a rescue copies no session, and notes the sign-outs") {
    TempDir dir;
    make(dir.file());
    REQUIRE(open_file(dir.file()).execute("PRAGMA wal_checkpoint(TRUNCATE)").ok());
    std::filesystem::copy_file(dir.file(), dir.file() + ".copy-20250621T000000.000Z");  // from a program that kept them
    std::ofstream(dir.file(), std::ios::trunc) << std::string(20'000, 'x');
    Result<OpenedDatabase> opened = open_database(dir.file(), built_in_migrations(), {});
    REQUIRE(opened);
    CHECK(sessions_in(dir.file()) == 0);
    CHECK(standing_note(opened.value().connection).value_or("").find(sign_in_again) != std::string::npos);
}

TEST_CASE("a rollback to before sessions reports their loss") {
    TempDir dir;
    make(dir.file());
    const int before = 8;
    const auto report = roll_back_database(dir.file(), built_in_migrations(), before);
    REQUIRE(report);
    CHECK(report.value().notes == std::vector<std::string>{sign_in_again});
    REQUIRE(migrate_database(dir.file(), built_in_migrations()));
    CHECK(roll_back_database(dir.file(), built_in_migrations(), before).value().notes.empty());
}

}  // namespace accounts_test
