// History of the settings: restoring an earlier state, opening errors, two writers at once, a kill.
#include "drivers/store/settings/log.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>
#include <random>

#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/open.hpp"
#include "drivers/store/settings/uuid.hpp"
#include "tests/drivers/store/settings_fixture.hpp"

using namespace volt;
using namespace volt::test;

namespace log_test {

namespace {

constexpr SettingsTable prefs = SettingsTable::preferences, zones = SettingsTable::zones, miners = SettingsTable::miners;
const std::string s21 = "primary-s21-revenue", s19 = "dump-load-s19-1";

void change(Connection& db, SettingsTable table, const std::string& row, const std::vector<Assignment>& fields) {
    const Edit<Edited> edited = change_record(db, table, row, fields, by_test);
    REQUIRE_MESSAGE(edited.ok(), (edited ? "" : edited.failure().text));
}

std::int64_t last_change(Connection& db) { return db.number("SELECT max(id) FROM settings_history").value(); }

/// Returns everything the owner sets, except the time of writing.
std::string content(Connection& db) {
    const Edit<SettingsState> state = read_records(db);
    REQUIRE(state.ok());
    std::string text;
    for (const SettingsTable table : settings_tables)
        for (const Record& row : state.value().rows(table))
            for (const SettingsField& field : fields_of(table))
                if (std::string(field.name) != "updated_at") text += row.text(field.name) + "|";
    return text;
}

void restore(Connection& db, std::int64_t moment) {
    const Edit<Edited> edited = restore_settings(db, moment, by_test);
    REQUIRE_MESSAGE(edited.ok(), (edited ? "" : edited.failure().text));
}

Connection new_file(const std::string& path) {
    Connection db = open_file(path);
    must(db, "PRAGMA journal_mode = WAL");
    REQUIRE(migrate(db, built_in_migrations()).ok());
    return db;
}

}  // namespace

TEST_CASE("the log: newest first by table and row, also under earlier names") {
    Connection db = new_schema();
    change(db, prefs, "", {{"reserve_voltage", 48.0}, {"voltage_low", 47.5}});
    change(db, miners, s19, {{"name", std::string("Old Friend")}});
    const auto log = settings_log(db, {}).value();
    REQUIRE(log.size() == 7);
    CHECK(log[0].fields == std::vector<LoggedField>{{"name", "Dump Load S19 #1", "Old Friend"}, {"slug", s19, "old-friend"}});
    CHECK((log[0].who == "test" && log[0].kind == LoggedChange::Kind::changed && log[0].row == "old-friend"));
    CHECK(log[1].fields == std::vector<LoggedField>{{"voltage_low", "47.0", "47.5"}, {"reserve_voltage", "null", "48.0"}});
    CHECK(log[6].kind == LoggedChange::Kind::added);
    CHECK(settings_log(db, {zones, "", 20}).value().size() == 2);
    CHECK(settings_log(db, {std::nullopt, s19, 20}).value().size() == 2);
    CHECK(settings_log(db, {std::nullopt, "Old Friend", 1}).value().size() == 1);
    REQUIRE(remove_record(db, miners, "old-friend", by_test).ok());
    CHECK(settings_log(db, {miners, "", 1}).value().at(0).kind == LoggedChange::Kind::removed);
}

TEST_CASE("restores an earlier state completely") {
    Connection db = new_schema();
    const std::int64_t start = last_change(db);
    const std::string original = content(db);
    change(db, prefs, "", {{"voltage_low", 47.5}, {"operating_mode", std::string("conservative")}});
    change(db, miners, s21, {{"device_id", std::monostate{}}, {"name", std::string("Between")}});
    change(db, miners, s19, {{"device_id", std::string("primary-s21")}, {"name", std::string("Primary S21+ (Revenue)")}});
    change(db, miners, "between", {{"device_id", std::string("dump-load-s19-1")}, {"name", std::string("Dump Load S19 #1")}});
    const std::int64_t exchanged_at = last_change(db);
    const std::string exchanged = content(db);
    REQUIRE(add_record(db, zones, {{"zone_name", std::string("Shed")}}, by_test).ok());
    change(db, miners, s19, {{"hvac_zone_id", std::string("shed")}});
    REQUIRE(remove_record(db, miners, s21, by_test).ok());
    REQUIRE(remove_record(db, zones, "main-room", by_test).ok());
    const std::int64_t late_at = last_change(db);
    const std::string late = content(db);

    const Edit<Edited> tried = restore_settings(db, start, {"test", true});
    REQUIRE(tried.ok());
    CHECK(tried.value().rows.size() == 5);
    CHECK(content(db) == late);
    restore(db, start);
    CHECK(content(db) == original);
    restore(db, exchanged_at);
    CHECK(content(db) == exchanged);
    restore(db, late_at);
    CHECK(content(db) == late);
    restore(db, start);
    CHECK(content(db) == original);
    CHECK(restore_settings(db, last_change(db), by_test).value().rows.empty());
    CHECK(db.text("SELECT who FROM settings_history ORDER BY id DESC LIMIT 1") == "test");
    Result<Settings> read = read_settings(db, {});
    REQUIRE(read.ok());
    CHECK(read.value().problems.empty());
    CHECK_FALSE(restore_settings(db, 0, by_test).ok());
}

TEST_CASE("restoring an earlier state does not undo a switch-off") {
    Connection db = new_schema();
    const std::int64_t start = last_change(db);
    change(db, prefs, "", {{"voltage_low", 47.5}, {"operating_mode", std::string("off")}});
    restore(db, start);
    CHECK(db.text("SELECT operating_mode || ' ' || voltage_low FROM user_preferences") == "off 47.0");
}

TEST_CASE("a moment is a change number, a UTC time or a span") {
    Connection db = new_schema();
    must(db, "UPDATE settings_history SET at = '2025-06-21T12:00:00.000Z'");
    const std::int64_t old = last_change(db);
    change(db, prefs, "", {{"voltage_low", 47.5}});
    CHECK(find_moment(db, "3").value() == 3);
    CHECK(find_moment(db, "2025-06-21T12:00:00Z").value() == old);
    CHECK(find_moment(db, "2025-07-01").value() == old);
    CHECK(find_moment(db, "1h").value() == old);
    CHECK(find_moment(db, "0s").value() == old + 1);
    CHECK(find_moment(db, "2024-01-01").failure().text == "2024-01-01: the settings history does not go back that far");
    CHECK(find_moment(db, "99").failure().text == "99: no such change; the last one is 6");
    for (const char* bad : {"", "now", "yesterday", "-1", "2h30m", "12:00", "3 h"}) CHECK_FALSE(find_moment(db, bad).ok());
}

TEST_CASE("refuses a restore that no longer fits as a whole") {
    Connection db = new_schema();
    const std::int64_t start = last_change(db);
    change(db, miners, s21, {{"enabled", false}});
    must(db,
         "PRAGMA ignore_check_constraints = ON; UPDATE settings_history SET before = json_set(before, '$.min_on_s', -5) "
         "WHERE id = (SELECT max(id) FROM settings_history); PRAGMA ignore_check_constraints = OFF");
    const std::string now = content(db);
    CHECK(restore_settings(db, start, by_test).failure().text == "min_on_s -5: must be 0..86400; nearest allowed 0");
    CHECK(content(db) == now);
}

TEST_CASE("opening reports the fault and its remedy") {
    TempDir dir;
    const auto why = [&](bool to_write) {
        const Edit<Connection> db = open_settings(dir.file(), to_write, 50);
        REQUIRE_FALSE(db.ok());
        CHECK(db.failure().fault == EditFault::unavailable);
        return db.failure().text;
    };
    const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
    CHECK(has(why(true), "the database does not exist yet; voltd creates it when it first starts"));
    std::ofstream(dir.file()).close();
    CHECK(has(why(true), "the file is empty"));
    std::ofstream(dir.file()) << "this is no database, but it is longer than the header of one, by a good deal of text ...";
    CHECK(has(why(false), "is not a database"));
    std::filesystem::remove(dir.file());
    {
        Connection db = new_file(dir.file());
        must(db,
             "UPDATE schema_migrations SET number = 99, name = '099_later' WHERE number = (SELECT max(number) FROM "
             "schema_migrations)");
    }
    CHECK(has(why(true), "099_later"));
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(dir.file() + part);
    {
        Connection db = open_file(dir.file());
        std::vector<Migration> some = built_in_migrations();
        some.pop_back();
        REQUIRE(migrate(db, some).ok());
    }
    CHECK(has(why(true), "its schema is older than this voltctl"));
    CHECK(has(why(true), "voltctl db migrate"));
}

TEST_CASE("reads with read rights, and reports missing ones") {
    TempDir dir;
    { Connection db = new_file(dir.file()); }
    const std::string directory = std::filesystem::path(dir.file()).parent_path();
    REQUIRE(::chmod(directory.c_str(), 0755) == 0);
    REQUIRE(::chmod(dir.file().c_str(), 0644) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        if (::getuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(3);
        const Edit<Connection> reading = open_settings(dir.file(), false, 50);
        const Edit<Connection> writing = open_settings(dir.file(), true, 50);
        const bool told = !writing && writing.failure().text.find("you may not change it: use sudo") != std::string::npos;
        ::_exit(reading.ok() && (told || ::getuid() != 65534) ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("waits for a lock within a bound, then reports it") {
    TempDir dir;
    Connection holder = new_file(dir.file());
    Edit<Connection> opened = open_settings(dir.file(), true, 50);
    REQUIRE(opened.ok());
    must(holder, "BEGIN IMMEDIATE");
    const Edit<Edited> locked = change_record(opened.value(), prefs, "", {{"voltage_low", 47.5}}, by_test);
    REQUIRE_FALSE(locked.ok());
    CHECK(locked.failure().fault == EditFault::unavailable);
    CHECK(locked.failure().text == "another program has locked the database; nothing was changed, try again");
    CHECK(open_settings(dir.file(), false, 50).ok());
    must(holder, "COMMIT");
    CHECK(change_record(opened.value(), prefs, "", {{"voltage_low", 47.5}}, by_test).ok());
}

TEST_CASE("two concurrent writers keep every edit") {
    TempDir dir;
    { Connection db = new_file(dir.file()); }
    constexpr int edits = 20;
    std::atomic<int> done{0};
    const auto writer = [&](const std::string& field) {
        Edit<Connection> db = open_settings(dir.file(), true, 20000);
        for (int i = 1; db && i <= edits; ++i)
            if (change_record(db.value(), miners, s21, {{field, static_cast<double>(i)}}, {field, false}).ok()) ++done;
    };
    std::thread one(writer, "min_on_s"), two(writer, "min_off_s");
    one.join();
    two.join();
    CHECK(done == 2 * edits);
    Connection db = open_file(dir.file());
    CHECK(db.text("SELECT min_on_s || ' ' || min_off_s FROM miner_profiles WHERE slug = 'primary-s21-revenue'") == "20 20");
    CHECK(db.number("SELECT count(*) FROM settings_history WHERE who = 'min_on_s' AND json_extract(before, '$.min_off_s') = "
                    "json_extract(after, '$.min_off_s')") == edits);
}

TEST_CASE("a killed edit leaves old or new settings") {
    TempDir dir;
    { Connection db = new_file(dir.file()); }
    std::mt19937 random(7);
    int both[2] = {0, 0};
    for (int round = 0; round < 25; ++round) {
        int begun[2];
        REQUIRE(::pipe(begun) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            Edit<Connection> db = open_settings(dir.file(), true, 5000);
            for (int i = 0; db; ++i) {
                const bool high = i % 2 == 0;
                change_record(db.value(), miners, s21,
                              {{"start_voltage", high ? 60.0 : 50.0},
                               {"stop_voltage", high ? 59.0 : 47.0},
                               {"emergency_stop_voltage", high ? 58.0 : 45.0}},
                              by_test);
                if (::write(begun[1], "x", 1) != 1) ::_exit(2);
            }
            ::_exit(1);
        }
        // after two edits, somewhere within the time of the next one
        char byte = 0;
        CHECK(::read(begun[0], &byte, 1) == 1);
        const auto first = std::chrono::steady_clock::now();
        CHECK(::read(begun[0], &byte, 1) == 1);
        const auto one = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - first);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % static_cast<unsigned>(one.count() + 1)));
        ::kill(child, SIGKILL);
        ::close(begun[0]);
        ::close(begun[1]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        Connection db = open_file(dir.file());
        const std::string found = db.text(
                                        "SELECT start_voltage || ' ' || stop_voltage || ' ' || emergency_stop_voltage FROM "
                                        "miner_profiles WHERE slug = 'primary-s21-revenue'")
                                      .value();
        CHECK((found == "60.0 59.0 58.0" || found == "50.0 47.0 45.0"));
        ++both[found[0] == '6' ? 0 : 1];
        CHECK(db.text("SELECT who FROM settings_revision") == "");
        CHECK(db.number("SELECT revision FROM settings_revision") == db.number("SELECT count(*) + 1 FROM settings_history"));
    }
    Connection db = open_file(dir.file());
    CHECK(db.number("SELECT count(*) FROM settings_history WHERE who = 'test'") > 2);
    WARN((both[0] > 0 && both[1] > 0));
}

TEST_CASE("ids are random UUIDs of version 4") {
    const std::string one = make_uuid(), two = make_uuid();
    CHECK(one != two);
    CHECK(one.size() == 36);
    CHECK(one[14] == '4');
    CHECK(std::string("89ab").find(one[19]) != std::string::npos);
}

}  // namespace log_test
