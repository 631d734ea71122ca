// Migration to any bank: keeps rows and history of an older database, and goes back if the values allow it.
#include "drivers/store/recovery/backup.hpp"
#include "drivers/store/recovery/database.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/settings/log.hpp"
#include "tests/drivers/store/settings_fixture.hpp"

using namespace volt;
using namespace volt::test;

namespace {

constexpr int before_bank = 6;

Connection old_database() {
    const auto& all = built_in_migrations();
    Connection db = open_file(":memory:");
    REQUIRE(migrate(db, {all.begin(), all.begin() + before_bank}).ok());
    must(db,
         "UPDATE user_preferences SET voltage_low = 47.77; UPDATE miner_profiles SET stop_voltage = 46.5 WHERE priority_level = "
         "1");
    return db;
}

void bring_up(Connection& db) {
    const auto done = migrate(db, built_in_migrations());
    REQUIRE_MESSAGE(done.ok(), (done ? "" : done.failure().text));
}

std::string rows_of(Connection& db) {
    return db.text(
                 "SELECT group_concat(quote(id) || quote(user_id) || quote(voltage_low) || quote(voltage_curve) || "
                 "quote(longitude) || quote(created_at) || quote(updated_at)) FROM user_preferences")
               .value() +
           db.text(
                 "SELECT group_concat(quote(id) || quote(name) || quote(stop_voltage) || quote(hvac_zone_id) || "
                 "quote(max_continuous_h) || quote(created_at) || quote(updated_at)) FROM miner_profiles")
               .value() +
           db.text(
                 "SELECT count(*) || ' ' || group_concat(id || who || table_name || coalesce(before, '') || after) FROM "
                 "settings_history")
               .value();
}

const char* const twelve_volts =
    "UPDATE user_preferences SET voltage_at_0_percent = 11.2, voltage_at_100_percent = 14.0, voltage_curve = "
    "'[{\"voltage\":11.2,\"soc\":0},{\"voltage\":14,\"soc\":100}]', voltage_shutdown = 11, voltage_critical_low = 11.25, "
    "voltage_low = 11.75, voltage_restart = 12.5, voltage_optimal_min = 12.5, voltage_optimal_max = 13.6, voltage_float = "
    "13.75, voltage_absorption = 14.4, voltage_full = 14.5, battery_absolute_max = 15, reserve_voltage = 12";

}  // namespace

TEST_CASE("migrates an older database with all rows, times and history") {
    Connection db = old_database();
    const std::string before = rows_of(db);
    bring_up(db);
    CHECK(rows_of(db) == before);
    CHECK(db.number("SELECT count(*) FROM settings_history WHERE change IS NOT id") == 0);
    CHECK(verify(db, built_in_migrations()).value().empty());
    CHECK(db.text("SELECT group_concat(name) FROM sqlite_master WHERE name LIKE 'bank%'").value_or("") == "");
    must(db, twelve_volts);
    must(db, "UPDATE miner_profiles SET start_voltage = 13, stop_voltage = 12, emergency_stop_voltage = 11.5");
}

TEST_CASE("rolls back if all rows fit, else changes nothing") {
    Connection db = old_database();
    const std::string before = rows_of(db);
    bring_up(db);
    must(db,
         "INSERT INTO decisions (at, load, \"from\", \"to\", reason, text, shadow) VALUES (1, 'x', 'off', 'on', 'r', 't', 1)");
    REQUIRE(roll_back(db, built_in_migrations(), before_bank).ok());
    CHECK(rows_of(db) == before);
    CHECK(db.number("SELECT count(*) FROM decisions") == 1);
    bring_up(db);
    REQUIRE(roll_back(db, built_in_migrations(), before_bank + 1).ok());
    must(db, twelve_volts);
    const std::string small = rows_of(db);
    const auto refused = roll_back(db, built_in_migrations(), before_bank);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().text.find("30.00..70.00") != std::string::npos);
    CHECK(rows_of(db) == small);
    CHECK(schema_status(db, built_in_migrations()).value().version == before_bank + 1);
}

TEST_CASE("the copy before the migration works with the old program") {
    TempDir dir;
    const auto& all = built_in_migrations();
    const std::vector<Migration> old(all.begin(), all.begin() + before_bank);
    {
        Result<OpenedDatabase> opened = open_database(dir.file(), old, {});
        REQUIRE(opened.ok());
        must(opened.value().connection, "UPDATE user_preferences SET voltage_low = 47.77");
    }
    std::string copy;
    {
        Result<OpenedDatabase> opened = open_database(dir.file(), all, {});
        REQUIRE(opened.ok());
        copy = opened.value().copy;
        must(opened.value().connection, twelve_volts);
    }
    CHECK_FALSE(open_database(dir.file(), old, {}).ok());
    REQUIRE(restore_database(dir.file(), old, copy).ok());
    Result<OpenedDatabase> back = open_database(dir.file(), old, {});
    REQUIRE_MESSAGE(back.ok(), (back ? "" : back.failure().text));
    CHECK(back.value().connection.text("SELECT voltage_low FROM user_preferences") == "47.77");
    CHECK_FALSE(back.value().restored);
}

TEST_CASE("migrates a database despite a row that breaks a rule") {
    Connection db = old_database();
    must(db,
         "PRAGMA ignore_check_constraints = 1; UPDATE miner_profiles SET stop_voltage = 5 WHERE priority_level = 1; "
         "PRAGMA ignore_check_constraints = 0");
    bring_up(db);
    CHECK(db.number("SELECT count(*) FROM miner_profiles") == 2);
    CHECK_FALSE(db.execute("UPDATE miner_profiles SET stop_voltage = 4").ok());
}

TEST_CASE("rows of one edit share its number") {
    Connection db = new_schema();
    const auto last = [&] { return db.number("SELECT max(id) FROM settings_history").value(); };
    const std::int64_t begun = last();
    REQUIRE(change_record(db, SettingsTable::preferences, "", {{"voltage_low", 47.5}}, by_test).ok());
    REQUIRE(change_record(db, SettingsTable::miners, "primary-s21-revenue", {{"stop_voltage", 47.5}}, by_test).ok());
    must(db, "UPDATE miner_profiles SET min_on_s = 500");
    const auto change = [&](std::int64_t id) {
        return db.number("SELECT change FROM settings_history WHERE id = " + std::to_string(id)).value();
    };
    for (std::int64_t id = begun + 1; id <= begun + 4; ++id) CHECK(change(id) == id);
    REQUIRE(restore_settings(db, begun, by_test).ok());
    for (std::int64_t id = begun + 5; id <= last(); ++id) CHECK(change(id) == begun + 5);
    CHECK(last() == begun + 7);
    CHECK(db.text("SELECT who || coalesce(change, 'null') FROM settings_revision") == "null");
}
