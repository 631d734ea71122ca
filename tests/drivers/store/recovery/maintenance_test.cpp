// Operations of people on the whole database, on real files: inspect, try, migrate, verify, roll back, back up, restore.
#include "drivers/store/recovery/maintenance.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "drivers/store/recovery/backup.hpp"
#include "drivers/store/recovery/database.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/schema/difference.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/sqlite/lock.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;
namespace fs = std::filesystem;

namespace maintenance_test {

namespace {

using Lines = std::vector<std::string>;

const std::vector<Migration>& all() { return built_in_migrations(); }

std::vector<Migration> first(std::size_t count) { return {all().begin(), all().begin() + static_cast<std::ptrdiff_t>(count)}; }

std::vector<Migration> with_one_more() {
    std::vector<Migration> more = all();
    more.push_back({11, "011_more", "CREATE TABLE more (\n    a INTEGER NOT NULL\n) STRICT;", "DROP TABLE more;",
                    "SELECT 'more: ' || a FROM more WHERE a < 0;"});
    return more;
}

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Number of the last migration.
const int last = built_in_migrations().back().number;

/// Makes a database at `version`, with a row of the owner if it has the table.
void make(const std::string& path, std::size_t version = built_in_migrations().size()) {
    Result<OpenedDatabase> opened = open_database(path, first(version), {});
    REQUIRE_MESSAGE(opened.ok(), (opened ? "" : opened.failure().text));
    if (version >= 2) must(opened.value().connection, "UPDATE user_preferences SET voltage_low = 47.77");
    REQUIRE(write_settings_copy(opened.value().connection, path).ok());
}

double low(const std::string& path) {
    Connection db = open_file(path, OpenMode::read_only);
    Statement query = db.prepare("SELECT voltage_low FROM user_preferences");
    return query.row() ? query.real(0) : 0;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

template <class T>
std::string refusal(const Result<T>& result) {
    REQUIRE_FALSE(result.ok());
    return result.failure().text;
}

/// Returns the schema byte by byte, and the record of migrations.
Lines dump(Connection& db) {
    Lines lines;
    for (const SchemaObject& it : schema_of(db)) lines.push_back(it.type + " " + it.name + "\n" + it.sql);
    Statement record = db.prepare("SELECT number || ' ' || sha256 FROM schema_migrations ORDER BY number");
    while (record.row()) lines.push_back(record.text(0));
    return lines;
}

}  // namespace

TEST_CASE("state: reports missing, old, new and newer databases") {
    TempDir dir;
    auto state = database_state(dir.file(), all());
    REQUIRE(state.ok());
    CHECK_FALSE(state.value().exists);
    CHECK(state.value().schema->pending.size() == built_in_migrations().size());
    make(dir.file(), 3);
    state = database_state(dir.file(), all());
    CHECK(state.value().schema->version == 3);
    CHECK(state.value().schema->pending ==
          Lines{"004_history", "005_views", "006_reading", "007_bank", "008_budget", "009_sessions", "010_first_hour"});
    CHECK(state.value().applied.size() == 3);
    CHECK(state.value().applied[2].known);
    CHECK(state.value().bytes > 4096);
    CHECK(state.value().settings_copy.has_value());
    CHECK_FALSE(state.value().in_use);
    make(dir.file("new.db"));
    REQUIRE(migrate_database(dir.file("new.db"), with_one_more()).ok());
    state = database_state(dir.file("new.db"), all());
    CHECK(has(state.value().refused, "011_more"));
    CHECK_FALSE(state.value().applied.back().known);
    CHECK(state.value().copies.size() == 1);
}

TEST_CASE("lock: one holder at a time, visible to others") {
    TempDir dir;
    CHECK_FALSE(DatabaseLock::is_held(dir.file()));
    {
        const auto lock = DatabaseLock::take(dir.file());
        REQUIRE(lock.has_value());
        CHECK(DatabaseLock::is_held(dir.file()));
        CHECK_FALSE(DatabaseLock::take(dir.file()).has_value());
    }
    CHECK_FALSE(DatabaseLock::is_held(dir.file()));
    CHECK(DatabaseLock::take(dir.file()).has_value());
    CHECK(DatabaseLock::take("/proc/nowhere/voltd.db").has_value());
}

TEST_CASE("migrate: copies first, and is refused while locked") {
    TempDir dir;
    make(dir.file(), 3);
    {
        const auto voltd = DatabaseLock::take(dir.file());
        CHECK(has(refusal(migrate_database(dir.file(), all())), "systemctl restart voltd"));
        CHECK(try_migrations(dir.file(), all()).ok());
    }
    const auto done = migrate_database(dir.file(), all());
    REQUIRE(done.ok());
    CHECK(done.value().names ==
          Lines{"004_history", "005_views", "006_reading", "007_bank", "008_budget", "009_sessions", "010_first_hour"});
    CHECK(copies_of(dir.file()) == Lines{done.value().copy});
    CHECK(low(done.value().copy) == 47.77);
    const auto again = migrate_database(dir.file(), all());
    CHECK(again.value().names.empty());
    CHECK(again.value().copy.empty());
    const auto voltd = DatabaseLock::take(dir.file());
    CHECK(migrate_database(dir.file(), all()).ok());
    CHECK(has(refusal(migrate_database(dir.file("mistyped/voltd.db"), all())), "there is no directory " + dir.file("mistyped")));
    CHECK_FALSE(std::filesystem::exists(dir.file("mistyped")));
}

TEST_CASE("migrate: leaves damaged and newer databases unchanged") {
    TempDir dir;
    std::ofstream(dir.file()) << std::string(9000, 'x');
    CHECK(has(refusal(migrate_database(dir.file(), all())), "damaged"));
    CHECK(bytes_of(dir.file()) == std::string(9000, 'x'));
    make(dir.file("newer.db"));
    REQUIRE(migrate_database(dir.file("newer.db"), with_one_more()).ok());
    const std::string before = bytes_of(dir.file("newer.db"));
    CHECK(has(refusal(migrate_database(dir.file("newer.db"), all())), "newer than this program"));
    CHECK(has(refusal(migrate_database(dir.file("newer.db"), all())), "rollback --to " + std::to_string(all().size()) + "`"));
    CHECK(bytes_of(dir.file("newer.db")) == before);
}

TEST_CASE("dry run: shows the difference without changing the database") {
    TempDir dir;
    make(dir.file());
    const std::string before = bytes_of(dir.file());
    const auto trial = try_migrations(dir.file(), with_one_more());
    REQUIRE(trial.ok());
    CHECK(trial.value().names == Lines{"011_more"});
    CHECK(trial.value().difference == Lines{"+ CREATE TABLE more (", "+     a INTEGER NOT NULL", "+ ) STRICT"});
    CHECK(trial.value().complaints.empty());
    CHECK(bytes_of(dir.file()) == before);
    CHECK(try_migrations(dir.file(), all()).value().difference.empty());
    // For a missing database: everything.
    const auto whole = try_migrations(dir.file("none.db"), all());
    CHECK(whole.value().names.size() == built_in_migrations().size());
    CHECK(whole.value().difference.size() > 500);
    CHECK_FALSE(file_exists(dir.file("none.db")));
    // A migration that fails is reported, and not applied.
    std::vector<Migration> bad = with_one_more();
    bad.back().up = "CREATE TABLE more (a); INSERT INTO users (id, email) VALUES ('x', 'y')";
    CHECK(has(refusal(try_migrations(dir.file(), bad)), "schema/011_more.up.sql"));
    CHECK(bytes_of(dir.file()) == before);
}

TEST_CASE("the schema difference shows unchanged lines of changed objects") {
    Connection a = open_file(":memory:"), b = open_file(":memory:");
    must(a, "CREATE TABLE t (\n    a,\n    b\n); CREATE VIEW v AS SELECT 1; CREATE TABLE same (x)");
    must(b, "CREATE TABLE t (\n    a,\n    c\n); CREATE INDEX i ON t (a); CREATE TABLE same (x)");
    CHECK(schema_difference(schema_of(a), schema_of(b)) == Lines{"  CREATE TABLE t (", "      a,", "-     b", "+     c", "  )",
                                                                 "+ CREATE INDEX i ON t (a)", "- CREATE VIEW v AS SELECT 1"});
}

TEST_CASE("verify names the query, the broken reference and the damage") {
    TempDir dir;
    make(dir.file());
    CHECK(verify_database(dir.file(), all()).value().empty());
    {
        Connection db = open_file(dir.file());
        must(db, "PRAGMA foreign_keys = OFF; DELETE FROM hvac_zones WHERE slug = 'heat-room'; DROP VIEW v_events");
    }
    const Lines complaints = verify_database(dir.file(), all()).value();
    CHECK(std::any_of(complaints.begin(), complaints.end(), [](const auto& it) {
        return has(it, "005_views: no such table: v_events") || has(it, "005_views: no such view");
    }));
    CHECK(std::count_if(complaints.begin(), complaints.end(), [](const auto& it) { return has(it, "foreign_key_check"); }) == 2);
    make(dir.file("torn.db"));
    fs::resize_file(dir.file("torn.db"), fs::file_size(dir.file("torn.db")) - 8192);
    const auto torn = verify_database(dir.file("torn.db"), all());
    REQUIRE(torn.ok());
    CHECK(has(torn.value().at(0), "integrity_check"));
    CHECK_FALSE(verify_database(dir.file("none.db"), all()).ok());
    REQUIRE(Connection::open(dir.file("hollow.db"), OpenMode::create).value().execute("PRAGMA user_version = 1").ok());
    const auto hollow = verify_database(dir.file("hollow.db"), all());
    REQUIRE(hollow.ok());
    REQUIRE(hollow.value().size() == 1);
    CHECK(hollow.value()[0].find("it has no voltd tables") != std::string::npos);
}

TEST_CASE("down after up restores the schema exactly") {
    Connection db = open_file(":memory:");
    std::vector<Lines> at{dump(db)};
    for (std::size_t version = 1; version <= all().size(); ++version) {
        REQUIRE(migrate(db, first(version)).ok());
        at.push_back(dump(db));
        REQUIRE(roll_back(db, first(version), static_cast<int>(version) - 1).ok());
        CHECK(dump(db) == at[version - 1]);
        REQUIRE(migrate(db, first(version)).ok());
        CHECK(dump(db) == at[version]);
    }
    for (std::size_t version = 0; version <= all().size(); ++version) {
        REQUIRE(roll_back(db, all(), static_cast<int>(version)).ok());
        CHECK(dump(db) == at[version]);
        REQUIRE(migrate(db, all()).ok());
        CHECK(dump(db) == at.back());
        CHECK(verify(db, all()).value().empty());
    }
    REQUIRE(roll_back(db, all(), 0).ok());
    CHECK(db.number("SELECT count(*) FROM sqlite_master") == 0);
}

TEST_CASE("down keeps data of the remaining schema") {
    TempDir dir;
    make(dir.file());
    {
        Connection db = open_file(dir.file());
        must(db, "INSERT INTO events (at, level, kind, message) VALUES (1, 'info', 'x', 'kept')");
        must(db, "INSERT INTO victron_battery_readings (id, voltage) VALUES (257, 5000)");
        must(db,
             "INSERT INTO miner_profiles (id, user_id, name, slug, model, hashrate_ths, power_draw_w, priority_level, "
             "start_voltage, stop_voltage, emergency_stop_voltage, device_id) SELECT 'd0000000-0000-0000-0000-00000000000f', "
             "user_id, 'Mine', 'mine', model, hashrate_ths, power_draw_w, priority_level, start_voltage, stop_voltage, "
             "emergency_stop_voltage, 'mine' FROM miner_profiles WHERE slug = 'primary-s21-revenue'");
    }
    const auto count = [&](const char* table) {
        Connection db = open_file(dir.file(), OpenMode::read_only);
        return db.number(std::string("SELECT count(*) FROM ") + table).value_or(-1);
    };
    const auto to = [&](int version) {
        const auto done = roll_back_database(dir.file(), all(), version);
        REQUIRE_MESSAGE(done.ok(), (done ? "" : done.failure().text));
        CHECK(file_exists(done.value().copy));
    };
    to(4);
    CHECK(count("events") == 1);
    to(3);
    CHECK(count("victron_battery_readings") == 1);
    to(2);
    CHECK(count("miner_profiles") == 3);
    CHECK(low(dir.file()) == 47.77);
    // Below the defaults no settings remain; the copies have them, and migrating up works.
    to(1);
    CHECK(count("miner_profiles") == 0);
    CHECK(count("users") == 0);
    REQUIRE(migrate_database(dir.file(), all()).ok());
    CHECK(verify_database(dir.file(), all()).value().empty());
    CHECK(low(dir.file()) == 47.0);
    CHECK(copies_of(dir.file()).size() == copies_kept);
}

TEST_CASE("rollback: is refused while voltd runs or without target") {
    TempDir dir;
    CHECK(has(refusal(roll_back_database(dir.file(), all(), 0)), "there is no database"));
    make(dir.file());
    {
        const auto voltd = DatabaseLock::take(dir.file());
        CHECK(has(refusal(roll_back_database(dir.file(), all(), 4)), "systemctl stop voltd"));
    }
    CHECK(has(refusal(roll_back_database(dir.file(), all(), last + 1)),
              "cannot go back to " + std::to_string(last + 1) + ": the database is at " + std::to_string(last)));
    CHECK(has(refusal(roll_back_database(dir.file(), all(), -1)), "cannot go back to -1"));
    const auto none = roll_back_database(dir.file(), all(), last);
    REQUIRE(none.ok());
    CHECK(none.value().copy.empty());
    CHECK(copies_of(dir.file()).empty());
}

TEST_CASE("backup: is complete while others write, and overwrites only if requested") {
    TempDir dir;
    make(dir.file());
    Connection writer = open_file(dir.file());
    must(writer, "BEGIN IMMEDIATE; UPDATE user_preferences SET voltage_low = 46.5");
    const auto lock = DatabaseLock::take(dir.file());
    const auto made = back_up_database(dir.file(), all(), dir.file("b.db"), false);
    REQUIRE_MESSAGE(made.ok(), (made ? "" : made.failure().text));
    must(writer, "COMMIT");
    CHECK(made.value().version == built_in_migrations().back().number);
    CHECK(made.value().bytes == fs::file_size(dir.file("b.db")));
    CHECK(low(dir.file("b.db")) == 47.77);
    CHECK_FALSE(file_exists(dir.file("b.db.tmp")));
    CHECK(has(refusal(back_up_database(dir.file(), all(), dir.file("b.db"), false)), "--force"));
    CHECK(low(dir.file("b.db")) == 47.77);
    REQUIRE(back_up_database(dir.file(), all(), dir.file("b.db"), true).ok());
    CHECK(low(dir.file("b.db")) == 46.5);
    for (const char* own : {"voltd.db", "voltd.db-wal", "voltd.db.settings"})
        CHECK(has(refusal(back_up_database(dir.file(), all(), dir.file(own), true)), "belongs to the database"));
    fs::create_symlink(dir.file(), dir.file("alias.db"));
    CHECK_FALSE(back_up_database(dir.file(), all(), dir.file("alias.db"), true).ok());
    std::ofstream(dir.file("b.db-wal")) << "frames";
    CHECK(has(refusal(back_up_database(dir.file(), all(), dir.file("b.db"), true)), "in use"));
    CHECK_FALSE(back_up_database(dir.file(), all(), dir.file("no/such/b.db"), false).ok());
    CHECK_FALSE(back_up_database(dir.file("none.db"), all(), dir.file("c.db"), false).ok());
    CHECK_FALSE(file_exists(dir.file("c.db")));
}

TEST_CASE("restore: replaces the database and keeps the previous one") {
    TempDir dir;
    make(dir.file());
    REQUIRE(back_up_database(dir.file(), all(), dir.file("b.db"), false).ok());
    {
        Connection db = open_file(dir.file());
        must(db, "UPDATE user_preferences SET voltage_low = 46.5");
    }
    const auto done = restore_database(dir.file(), all(), dir.file("b.db"));
    REQUIRE_MESSAGE(done.ok(), (done ? "" : done.failure().text));
    CHECK(low(dir.file()) == 47.77);
    CHECK(low(done.value().aside) == 46.5);
    CHECK(done.value().version == built_in_migrations().back().number);
    CHECK(low(dir.file("b.db")) == 47.77);
    CHECK_FALSE(file_exists(dir.file("voltd.db.restore")));
    fs::resize_file(dir.file(), 0);
    CHECK(open_database(dir.file(), all(), {}).value().restored);
    CHECK(low(dir.file()) == 47.77);
    for (int i = 0; i < 4; ++i) REQUIRE(restore_database(dir.file(), all(), dir.file("b.db")).ok());
    CHECK(aside_of(dir.file()).size() == copies_kept);
}

TEST_CASE("restore: migrates an older backup, and refuses invalid ones") {
    TempDir dir;
    make(dir.file());
    make(dir.file("old.db"), 3);
    make(dir.file("new.db"));
    REQUIRE(migrate_database(dir.file("new.db"), with_one_more()).ok());
    make(dir.file("torn.db"));
    fs::resize_file(dir.file("torn.db"), fs::file_size(dir.file("torn.db")) / 2);
    { must(*std::make_unique<Connection>(open_file(dir.file("songs.db"))), "CREATE TABLE songs (a)"); }
    make(dir.file("bad.db"));
    { must(*std::make_unique<Connection>(open_file(dir.file("bad.db"))), "DELETE FROM user_preferences"); }
    {
        Connection db = open_file(dir.file());
        must(db, "UPDATE user_preferences SET voltage_low = 46.5; PRAGMA wal_checkpoint(TRUNCATE)");
    }
    const std::string before = bytes_of(dir.file());
    const auto refused = [&](const char* file) { return refusal(restore_database(dir.file(), all(), dir.file(file))); };
    CHECK(has(refused("new.db"), "newer than this program"));
    CHECK(has(refused("torn.db"), "it is damaged: integrity_check"));
    CHECK(has(refused("songs.db"), "not a voltd database"));
    CHECK(has(refused("bad.db"), "user_preferences: no row"));
    CHECK(has(refused("none.db"), "there is no database"));
    CHECK(has(refused("voltd.db"), "is the database itself"));
    CHECK(bytes_of(dir.file()) == before);
    CHECK(aside_of(dir.file()).empty());
    const auto old = restore_database(dir.file(), all(), dir.file("old.db"));
    REQUIRE_MESSAGE(old.ok(), (old ? "" : old.failure().text));
    CHECK(old.value().migrated ==
          Lines{"004_history", "005_views", "006_reading", "007_bank", "008_budget", "009_sessions", "010_first_hour"});
    CHECK(low(dir.file()) == 47.77);
    CHECK(verify_database(dir.file(), all()).value().empty());
}

TEST_CASE("restore: is refused while the database is in use") {
    TempDir dir;
    make(dir.file());
    REQUIRE(back_up_database(dir.file(), all(), dir.file("b.db"), false).ok());
    {
        const auto voltd = DatabaseLock::take(dir.file());
        CHECK(has(refusal(restore_database(dir.file(), all(), dir.file("b.db"))), "systemctl stop voltd"));
    }
    {
        Connection reader = open_file(dir.file());
        must(reader, "BEGIN; SELECT count(*) FROM users");
        CHECK(has(refusal(restore_database(dir.file(), all(), dir.file("b.db"))), "another program"));
        CHECK_FALSE(file_exists(dir.file("voltd.db.restore")));
    }
    std::ofstream(dir.file(), std::ios::trunc) << std::string(9000, 'x');
    std::ofstream(dir.file("voltd.db-wal")) << "rest";
    const auto over_broken = restore_database(dir.file(), all(), dir.file("b.db"));
    REQUIRE_MESSAGE(over_broken.ok(), (over_broken ? "" : over_broken.failure().text));
    CHECK(bytes_of(over_broken.value().aside) == std::string(9000, 'x'));
    CHECK(low(dir.file()) == 47.77);
    CHECK_FALSE(file_exists(dir.file("voltd.db-wal")));
    const auto fresh = restore_database(dir.file("fresh.db"), all(), dir.file("b.db"));
    REQUIRE(fresh.ok());
    CHECK(fresh.value().aside.empty());
    CHECK(low(dir.file("fresh.db")) == 47.77);
}

TEST_CASE("all files in schema/ are built in") {
    Lines files, built_in;
    for (const auto& entry : fs::directory_iterator(fs::path(VOLT_SOURCE_DIR) / "schema"))
        if (entry.path().extension() == ".sql") files.push_back(entry.path().filename());
    for (const Migration& it : all())
        for (const char* part : {".up.sql", ".down.sql", ".verify.sql"}) built_in.push_back(it.name + part);
    std::sort(files.begin(), files.end());
    std::sort(built_in.begin(), built_in.end());
    CHECK(files == built_in);
}

TEST_CASE("keeps the newest copy despite a clock that went back") {
    TempDir dir;
    make(dir.file());
    Connection db = open_file(dir.file());
    for (const char* year : {"9997", "9998", "9999"}) std::ofstream(dir.file() + ".copy-" + year + "1231T235959.999Z") << "old";
    std::ofstream(dir.file() + ".copy-99991231T235959.999Z.tmp") << "half";
    const auto copy = copy_database(db, dir.file());
    REQUIRE(copy.ok());
    const Lines copies = copies_of(dir.file());
    REQUIRE(copies.size() == copies_kept);
    CHECK(std::count(copies.begin(), copies.end(), copy.value()) == 1);
    CHECK(files_beside(dir.file(), ".copy-").size() == copies_kept);
}

}  // namespace maintenance_test
