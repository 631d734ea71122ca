// Undoes one change, or refuses because of later ones. Formats changes as sentences.
#include "drivers/store/settings/log.hpp"
#include "tests/drivers/store/settings_fixture.hpp"

using namespace volt;
using namespace volt::test;

namespace undo_test {

namespace {

constexpr const char* s21 = "primary-s21-revenue";
constexpr auto prefs = SettingsTable::preferences, miners = SettingsTable::miners, zones = SettingsTable::zones;

std::int64_t change(Connection& db, SettingsTable table, const char* key, const std::vector<Assignment>& fields) {
    const Edit<Edited> edited = change_record(db, table, key, fields, {"voltctl pi"});
    REQUIRE_MESSAGE(edited.ok(), (edited ? "" : edited.failure().text));
    return edited.value().change;
}

std::string low_and_power(Connection& db) {
    return db.text("SELECT voltage_low || ' ' || inverter_max_w FROM user_preferences").value();
}

}  // namespace

TEST_CASE("undo restores the fields of one change only") {
    Connection db = new_schema();
    const std::int64_t first = change(db, prefs, "", {{"voltage_low", 47.5}});
    change(db, prefs, "", {{"inverter_max_w", 9000.0}});
    const Edit<Edited> undone = undo_change(db, first, by_test);
    REQUIRE_MESSAGE(undone.ok(), (undone ? "" : undone.failure().text));
    CHECK(low_and_power(db) == "47.0 9000");
    CHECK(undone.value().change == newest_change(db));
    REQUIRE(undo_change(db, undone.value().change, by_test).ok());
    CHECK(low_and_power(db) == "47.5 9000");
    CHECK_FALSE(undo_change(db, 99, by_test).ok());
    CHECK(undo_change(db, 99, by_test).failure().fault == EditFault::not_found);
    REQUIRE(undo_change(db, newest_change(db), {"test", true}).ok());
    CHECK(low_and_power(db) == "47.5 9000");
}

TEST_CASE("a value set by a later change belongs to that change") {
    Connection db = new_schema();
    const std::int64_t first = change(db, prefs, "", {{"voltage_low", 47.5}});
    change(db, prefs, "", {{"voltage_low", 47.7}});
    const std::int64_t again = change(db, prefs, "", {{"voltage_low", 47.5}});
    const Edit<Edited> refused = undo_change(db, first, by_test);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().fault == EditFault::moved);
    CHECK(refused.failure().text == "voltage_low changed since, by change " + std::to_string(again) + ": it is 47.5 now");
    CHECK(low_and_power(db) == "47.5 12000");
    // A second undo finds nothing to do.
    REQUIRE(undo_change(db, again, by_test).ok());
    CHECK(undo_change(db, again, by_test).value().rows.empty());
    CHECK(low_and_power(db) == "47.7 12000");

    REQUIRE(remove_record(db, miners, "dump-load-s19-1", by_test).ok());
    const std::int64_t removed = newest_change(db);
    REQUIRE(undo_change(db, removed, by_test).ok());
    const std::int64_t added = newest_change(db);
    REQUIRE(remove_record(db, miners, "dump-load-s19-1", by_test).ok());
    CHECK(undo_change(db, removed, by_test).failure().text ==
          "miner dump-load-s19-1 was removed again since, by change " + std::to_string(newest_change(db)));
    REQUIRE(undo_change(db, newest_change(db), by_test).ok());
    CHECK(undo_change(db, added, by_test).failure().fault == EditFault::moved);
    CHECK(db.number("SELECT count(*) FROM miner_profiles") == 2);
}

TEST_CASE("a refused undo names every field that has changed since") {
    Connection db = new_schema();
    const std::int64_t first =
        change(db, prefs, "", {{"voltage_low", 47.5}, {"inverter_max_w", 9000.0}, {"temperature_unit", std::string("F")}});
    const std::int64_t second = change(db, prefs, "", {{"voltage_low", 47.7}, {"inverter_max_w", 9500.0}});
    const Edit<Edited> refused = undo_change(db, first, by_test);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().fault == EditFault::moved);
    REQUIRE(refused.failure().problems.size() == 2);
    CHECK(refused.failure().problems[0].field == "voltage_low");
    CHECK(refused.failure().problems[0].text ==
          "voltage_low changed since, by change " + std::to_string(second) + ": it is 47.7 now; the change set it to 47.5");
    CHECK(refused.failure().problems[1].field == "inverter_max_w");
    CHECK(low_and_power(db) == "47.7 9500");
    CHECK(db.text("SELECT temperature_unit FROM user_preferences") == "F");
}

TEST_CASE("undoes removed, added and renamed rows") {
    Connection db = new_schema();
    REQUIRE(remove_record(db, miners, "dump-load-s19-1", by_test).ok());
    REQUIRE(undo_change(db, newest_change(db), by_test).ok());
    CHECK(db.number("SELECT power_draw_w FROM miner_profiles WHERE slug = 'dump-load-s19-1'") == 3250);
    REQUIRE(undo_change(db, newest_change(db), by_test).ok());
    CHECK(db.number("SELECT count(*) FROM miner_profiles") == 1);
    change(db, zones, "main-room", {{"zone_name", std::string("Shed")}});
    REQUIRE(undo_change(db, newest_change(db), by_test).ok());
    CHECK(db.text("SELECT slug FROM hvac_zones WHERE zone_name = 'Main Room'") == "main-room");
    const std::int64_t begun = newest_change(db);
    change(db, prefs, "", {{"voltage_low", 47.5}});
    change(db, miners, s21, {{"stop_voltage", 47.5}});
    REQUIRE(restore_settings(db, begun, by_test).ok());
    const std::int64_t last = db.number("SELECT max(id) FROM settings_history").value();
    CHECK(newest_change(db) == last - 1);
    REQUIRE(undo_change(db, last, by_test).ok());
    CHECK(low_and_power(db) == "47.5 12000");
    CHECK(db.number("SELECT stop_voltage * 100 FROM miner_profiles") == 4750);
    REQUIRE(remove_record(db, miners, s21, by_test).ok());
    CHECK(undo_change(db, begun + 2, by_test).failure().fault == EditFault::moved);
}

TEST_CASE("formats changes as sentences, one for each edit") {
    Connection db = new_schema();
    const std::int64_t begun = newest_change(db), first = change(db, prefs, "", {{"voltage_low", 47.2}});
    change(db, miners, s21, {{"stop_voltage", 47.5}});
    REQUIRE(restore_settings(db, begun, {"voltctl root for pi"}).ok());
    REQUIRE(remove_record(db, miners, "dump-load-s19-1", {"api"}).ok());
    const auto told = sentences_of_changes(db, begun, 10);
    REQUIRE(told.ok());
    REQUIRE(told.value().size() == 4);
    CHECK(told.value()[0].number == first);
    CHECK(told.value()[0].text == "change " + std::to_string(first) + " by pi: voltage_low 47.0 -> 47.2");
    CHECK(told.value()[1].text ==
          "change " + std::to_string(first + 1) + " by pi: stop_voltage of miner primary-s21-revenue 47.0 -> 47.5");
    CHECK(told.value()[2].text.find("by root for pi: ") != std::string::npos);
    CHECK(told.value()[2].text.find("voltage_low 47.2 -> 47.0") != std::string::npos);
    CHECK(told.value()[3].text == "change " + std::to_string(first + 4) + " by api: miner dump-load-s19-1 removed");
    CHECK(sentences_of_changes(db, begun, 2).value().front().number == first + 2);
    const std::int64_t moved = change(db, prefs, "", {{"latitude", 52.5201}});
    CHECK(sentences_of_changes(db, moved - 1, 1).value().front().text ==
          "change " + std::to_string(moved) + " by pi: latitude changed");
    REQUIRE(db.execute("UPDATE user_preferences SET voltage_low = 47.1").ok());
    CHECK(sentences_of_changes(db, moved, 1).value().front().text ==
          "change " + std::to_string(moved + 1) + " by an edit of the database file: voltage_low 47.0 -> 47.1");
    CHECK(sentences_of_changes(db, newest_change(db), 10).value().empty());
}

TEST_CASE("keeps a user with settings, and recovers from a missing one") {
    Connection db = new_schema();
    must(db, "PRAGMA foreign_keys = OFF");
    const SqlStatus refused = db.execute("DELETE FROM users");
    CHECK_FALSE(refused.ok());
    CHECK(refused.text.find("users: preferences, miners or zones belong to this user") != std::string::npos);
    const std::int64_t begun = newest_change(db);
    must(db,
         "DELETE FROM miner_profiles; DELETE FROM hvac_zones; DELETE FROM user_preferences; DELETE FROM users; PRAGMA "
         "foreign_keys = ON");
    const Edit<Record> gone = find_record(read_records(db).value(), prefs, "");
    REQUIRE_FALSE(gone.ok());
    CHECK(gone.failure().text.find("voltctl settings restore") != std::string::npos);
    const Edit<Edited> back = restore_settings(db, begun, by_test);
    REQUIRE_MESSAGE(back.ok(), (back ? "" : back.failure().text));
    CHECK(low_and_power(db) == "47.0 12000");
    CHECK(db.number("SELECT count(*) FROM users") == 1);
    CHECK(verify(db, built_in_migrations()).value().empty());
}

}  // namespace undo_test
