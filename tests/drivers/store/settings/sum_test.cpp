// A value that changes in the file without an edit: the sum detects it, voltd does not use it, names it, and the next edit
// repairs it.
#include "drivers/store/settings/sum.hpp"

#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

#include "drivers/store/recovery/database.hpp"
#include "drivers/store/recovery/maintenance.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/log.hpp"
#include "drivers/store/settings/open.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/writer/open.hpp"
#include "tests/drivers/store/settings_fixture.hpp"

using namespace volt;
using namespace volt::test;

namespace sum_test {

namespace {

constexpr const char* s21 = "primary-s21-revenue";

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Returns a REAL in SQLite's storage format.
std::string real_bytes(double value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    return {std::reverse_iterator(bytes + sizeof value), std::reverse_iterator(bytes)};
}

/// Makes a closed database in a single file, whose first miner stops at 47.25 V.
void make(const std::string& path) {
    Result<OpenedDatabase> opened = open_database(path, built_in_migrations(), {});
    REQUIRE(opened.ok());
    Connection& db = opened.value().connection;
    REQUIRE(change_record(db, SettingsTable::miners, s21, {{"stop_voltage", 47.25}, {"emergency_stop_voltage", 45.25}}, by_test)
                .ok());
    REQUIRE(write_settings_copy(db, path).ok());
    must(db, "PRAGMA wal_checkpoint(TRUNCATE)");
}

void replace_all(std::string& bytes, double from, double to) {
    const std::string before = real_bytes(from), after = real_bytes(to);
    REQUIRE(bytes.find(before) != std::string::npos);
    for (std::size_t at = 0; (at = bytes.find(before, at)) != std::string::npos;) bytes.replace(at, before.size(), after);
}

/// Changes 47.25 to 43.25 in the row, not in the history, which is text. The emergency voltage remains below it, so that every
/// CHECK holds: only the sum can find this damage.
void wear(const std::string& path) {
    std::string bytes = bytes_of(path);
    replace_all(bytes, 47.25, 43.25);
    replace_all(bytes, 45.25, 43.11);
    write_bytes(path, bytes);
}

Volts stop_of(const Settings& settings) {
    for (const Miner& miner : settings.miners)
        if (miner.slug == s21) return miner.stop;
    return 0_cV;
}

CheckedSettings checked(Connection& db, const Settings& previous = {}) {
    Result<CheckedSettings> read = read_checked_settings(db, previous);
    REQUIRE_MESSAGE(read.ok(), (read ? "" : read.failure().text));
    return std::move(read.value());
}

SumState state_of(Connection& db) {
    SumState state = SumState::missing;
    REQUIRE(check_sum(db, state).ok());
    return state;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every write of settings stores the sum of its revision") {
    Connection db = new_schema();
    CHECK(state_of(db) == SumState::good);
    REQUIRE(change_record(db, SettingsTable::miners, s21, {{"stop_voltage", 47.25}}, by_test).ok());
    CHECK(state_of(db) == SumState::good);
    REQUIRE(write_mode(db, SiteMode::off, "mode/set").ok());
    CHECK(state_of(db) == SumState::good);
    const Result<std::string> image = settings_image(db);
    REQUIRE(put_settings_image(db, image.value(), 100).ok());
    CHECK(state_of(db) == SumState::good);
    CHECK(db.number("SELECT count(*) FROM settings_sum") == 1);
    must(db, "UPDATE user_preferences SET updated_at = '2025-06-21T12:00:00.000Z'");
    CHECK(state_of(db) == SumState::good);
}

TEST_CASE("accepts an edit by sqlite3 and stores its sum") {
    Connection db = new_schema();
    must(db, "UPDATE miner_profiles SET stop_voltage = 46.5 WHERE priority_level = 1");
    CHECK(state_of(db) == SumState::missing);
    const CheckedSettings read = checked(db);
    CHECK(read.damage.empty());
    CHECK(stop_of(read.settings) == 4650_cV);
    CHECK(state_of(db) == SumState::good);
}

TEST_CASE("a changed byte has no effect but raises an alarm") {
    TempDir dir;
    make(dir.file());
    CHECK(verify_database(dir.file(), built_in_migrations()).value().empty());
    wear(dir.file());
    const auto complaints = verify_database(dir.file(), built_in_migrations());
    REQUIRE(complaints.ok());
    REQUIRE(complaints.value().size() == 2);
    CHECK(complaints.value()[0] == "settings_damaged: miner_profiles primary-s21-revenue: stop_voltage is 43.25, was 47.25");
    CHECK(has(complaints.value()[1], "emergency_stop_voltage is 43.11, was 45.25"));
    auto opened = open_store(dir.file(), StoreOptions{});
    REQUIRE(opened.ok());
    CHECK(stop_of(*opened.value().settings) == 4725_cV);
    CHECK(has(opened.value().store->health().settings_damaged, "stop_voltage is 43.25, was 47.25"));
    CHECK_FALSE(opened.value().store->health().restored);
    SUBCASE("the next edit of anything restores the good values, as a separate edit") {
        Connection db = open_file(dir.file());
        REQUIRE(change_record(db, SettingsTable::preferences, "", {{"inverter_max_w", 9000.0}}, by_test).ok());
        CHECK(holds_soon([&] { return opened.value().store->health().settings_damaged.empty(); }));
        CHECK(db.text("SELECT group_concat(who) FROM (SELECT who FROM settings_history ORDER BY id DESC LIMIT 2)") ==
              "test,repair");
        CHECK(db.number("SELECT stop_voltage * 100 FROM miner_profiles WHERE priority_level = 1") == 4725);
        CHECK(verify_database(dir.file(), built_in_migrations()).value().empty());
    }
    SUBCASE("a mode also does, and is never refused") {
        opened.value().store->set_mode(SiteMode::off, "owner");
        CHECK(holds_soon([&] { return opened.value().store->health().settings_damaged.empty(); }));
        Connection db = open_file(dir.file());
        CHECK(checked(db).settings.preferences.mode == SiteMode::off);
        CHECK(stop_of(checked(db).settings) == 4725_cV);
    }
    SUBCASE("the alarm survives a restart, and the copy of the settings is unchanged") {
        opened.value().store->close(10s);
        auto again = open_store(dir.file(), StoreOptions{});
        CHECK_FALSE(again.value().store->health().settings_damaged.empty());
        Connection copy = open_file(settings_copy_of(dir.file()), OpenMode::read_only);
        CHECK(copy.number("SELECT stop_voltage * 100 FROM miner_profiles WHERE priority_level = 1") == 4725);
    }
}

TEST_CASE("restoring the last change repairs, a dry run does not") {
    TempDir dir;
    make(dir.file());
    wear(dir.file());
    Connection db = open_file(dir.file());
    const std::int64_t last = db.number("SELECT max(change) FROM settings_history").value();
    REQUIRE(restore_settings(db, last, {"test", true}).ok());
    CHECK(state_of(db) == SumState::damaged);
    REQUIRE(restore_settings(db, last, by_test).ok());
    CHECK(state_of(db) == SumState::good);
    CHECK(stop_of(checked(db).settings) == 4725_cV);
}

TEST_CASE("keeps values in force if no good value is known") {
    TempDir dir;
    make(dir.file());
    Settings before;
    {
        Connection db = open_file(dir.file());
        before = checked(db).settings;
        must(db, "DELETE FROM settings_history; PRAGMA wal_checkpoint(TRUNCATE)");
    }
    wear(dir.file());
    Connection db = open_file(dir.file());
    const CheckedSettings same = checked(db, before);
    CHECK(stop_of(same.settings) == 4725_cV);
    CHECK(has(same.damage, "stay in force until voltd ends"));
    const CheckedSettings fresh = checked(db);
    CHECK(stop_of(fresh.settings) == 4325_cV);
    CHECK(has(fresh.damage, "no good copy"));
    CHECK(has(verify_database(dir.file(), built_in_migrations()).value().at(0), "does not show which column"));
}

TEST_CASE("repairs damage before a migration, which would hide it") {
    TempDir dir;
    make(dir.file());
    wear(dir.file());
    std::vector<Migration> more = built_in_migrations();
    more.push_back({static_cast<int>(more.size()) + 1, "008_column",
                    "ALTER TABLE miner_profiles ADD COLUMN extra INTEGER NOT NULL DEFAULT 7;",
                    "ALTER TABLE miner_profiles DROP COLUMN extra;", "SELECT 'x' WHERE 0;"});
    Result<OpenedDatabase> opened = open_database(dir.file(), more, {});
    REQUIRE_MESSAGE(opened.ok(), (opened ? "" : opened.failure().text));
    Connection& db = opened.value().connection;
    CHECK(state_of(db) == SumState::good);
    CHECK(db.number("SELECT stop_voltage * 100 FROM miner_profiles WHERE priority_level = 1") == 4725);
    REQUIRE(roll_back(db, more, 7).ok());
    CHECK(state_of(db) == SumState::good);
}

TEST_CASE("thresholds remain in force after any changed byte") {
    TempDir dir;
    make(dir.file());
    const std::string whole = bytes_of(dir.file()), copy = bytes_of(settings_copy_of(dir.file()));
    Settings good;
    {
        Connection db = open_file(dir.file(), OpenMode::read_only);
        good = checked(db).settings;
    }
    std::mt19937 random(11);
    const int rounds = std::getenv("VOLT_STORE_LONG") != nullptr ? 20000 : 100;
    for (int round = 0; round < rounds; ++round) {
        std::string bytes = whole;
        const std::size_t at = random() % bytes.size();
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
        CAPTURE(at);
        for (const std::string& file : files_beside(dir.file(), "")) remove_file(file);
        write_bytes(dir.file(), bytes);
        write_bytes(settings_copy_of(dir.file()), copy);
        Result<OpenedDatabase> opened = open_database(dir.file(), built_in_migrations(), {});
        if (!opened) continue;  // refused or not readable: none of it is in force
        const Settings settings = checked(opened.value().connection).settings;
        CHECK(stop_of(settings) == stop_of(good));
        CHECK(settings.preferences.low == good.preferences.low);
        CHECK(settings.preferences.absolute_max == good.preferences.absolute_max);
        CHECK(settings.miners.size() == good.miners.size());
    }
}

TEST_CASE("settings and verify name surplus rows") {
    TempDir dir;
    make(dir.file());
    {
        Connection db = open_file(dir.file());
        must(db,
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 298) INSERT INTO miner_profiles (id, "
             "user_id, name, slug, power_draw_w, priority_level, start_voltage, stop_voltage, emergency_stop_voltage, enabled) "
             "SELECT printf('d0000000-0000-0000-0000-%012d', 1000 + i), (SELECT id FROM users), 'Miner ' || i, 'miner-' || i, "
             "3000, 9, 52, 50, 48, 0 FROM n");
    }
    Connection db = open_file(dir.file());
    const Settings settings = checked(db).settings;
    CHECK(settings.miners.size() == 256);
    REQUIRE(settings.left_out.size() == 1);
    CHECK(has(settings.left_out[0], "miner_profiles has 300 rows, at most 256 are used; skipped: miner-255, miner-256"));
    CHECK(has(settings.left_out[0], "and 34 more"));
    CHECK(has(verify_database(dir.file(), built_in_migrations()).value().at(0), "settings_cut: miner_profiles has 300 rows"));
}

}  // namespace sum_test
