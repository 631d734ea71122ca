// Editing settings: each rule with its message, conflicts, rows added and removed, one transaction each.
#include "drivers/store/settings/edit.hpp"

#include "drivers/store/settings/io.hpp"
#include "tests/drivers/store/settings_fixture.hpp"

using namespace volt;
using namespace volt::test;

namespace {

constexpr SettingsTable prefs = SettingsTable::preferences, zones = SettingsTable::zones, miners = SettingsTable::miners;
const std::string s21 = "primary-s21-revenue", s19 = "dump-load-s19-1";

std::string first_text(const Edit<Edited>& edited) {
    REQUIRE_FALSE(edited.ok());
    return edited.failure().text;
}

std::vector<Assignment> new_miner(const std::string& name) {
    return {{"name", name},
            {"power_draw_w", 3000.0},
            {"start_voltage", 52.0},
            {"stop_voltage", 51.0},
            {"emergency_stop_voltage", 50.0}};
}

}  // namespace

TEST_CASE("a change of one field keeps the others") {
    Connection db = new_schema();
    const std::int64_t before = settings_revision(db);
    const Edit<Edited> edited = change_record(db, miners, s21, {{"start_voltage", 50.5}}, by_test);
    REQUIRE(edited.ok());
    CHECK(edited.value().written);
    CHECK(edited.value().revision == before + 1);
    REQUIRE(edited.value().rows.size() == 1);
    CHECK(edited.value().rows[0].before->text("start_voltage") == "50.0");
    CHECK(edited.value().rows[0].after->text("start_voltage") == "50.5");
    CHECK(edited.value().before.miners[0].start == 5000_cV);
    CHECK(edited.value().after.miners[0].start == 5050_cV);
    CHECK(settings_revision(db) == before + 1);
    CHECK(db.text("SELECT who FROM settings_history ORDER BY id DESC LIMIT 1") == "test");
    CHECK(db.text("SELECT who FROM settings_revision") == "");
    CHECK(db.text("SELECT stop_voltage || ' ' || model FROM miner_profiles WHERE slug = 'primary-s21-revenue'") ==
          "47.0 Antminer S21+ 235TH");
}

TEST_CASE("an unchanged value or a dry run changes nothing") {
    Connection db = new_schema();
    const std::int64_t before = settings_revision(db);
    const Edit<Edited> same = change_record(db, prefs, "", {{"voltage_low", 47.0}}, by_test);
    REQUIRE(same.ok());
    CHECK((same.value().rows.empty() && !same.value().written));
    const Edit<Edited> tried = change_record(db, prefs, "", {{"voltage_low", 47.5}}, {"test", true});
    REQUIRE(tried.ok());
    CHECK_FALSE(tried.value().written);
    CHECK(tried.value().rows.at(0).after->text("voltage_low") == "47.5");
    CHECK(tried.value().after.preferences.low == 4750_cV);
    CHECK(settings_revision(db) == before);
    CHECK(db.text("SELECT voltage_low FROM user_preferences") == "47.0");
    CHECK(db.number("SELECT count(*) FROM settings_history WHERE who = 'test'") == 0);
}

TEST_CASE("a refusal names field, value, requirement and nearest value") {
    Connection db = new_schema();
    struct Case {
        SettingsTable table;
        std::string row;
        std::vector<Assignment> fields;
        const char *field, *need, *nearest, *text;
    };
    const Case cases[] = {
        {miners,
         s21,
         {{"stop_voltage", 51.0}},
         "stop_voltage",
         "< start_voltage (50.0)",
         "49.99",
         "stop_voltage 51.0: must be under start_voltage (50.0); nearest allowed 49.99"},
        {miners,
         s21,
         {{"start_voltage", 46.0}},
         "start_voltage",
         "> stop_voltage (47.0)",
         "47.01",
         "start_voltage 46.0: must be above stop_voltage (47.0); nearest allowed 47.01"},
        {miners,
         s21,
         {{"stop_voltage", 44.0}},
         "stop_voltage",
         "> emergency_stop_voltage (45.0)",
         "45.01",
         "stop_voltage 44.0: must be above emergency_stop_voltage (45.0); nearest allowed 45.01"},
        {miners,
         s21,
         {{"start_voltage", 50.005}},
         "start_voltage",
         "5.00..150.00 in steps of 0.01",
         "50.01",
         "start_voltage 50.005: must be 5.00..150.00 in steps of 0.01; nearest allowed 50.01"},
        {miners,
         s21,
         {{"power_draw_w", 0.0}},
         "power_draw_w",
         "1..20000",
         "1",
         "power_draw_w 0: must be 1..20000; nearest allowed 1"},
        {miners,
         s21,
         {{"power_draw_w", 1e9}},
         "power_draw_w",
         "1..20000",
         "20000",
         "power_draw_w 1000000000: must be 1..20000; nearest allowed 20000"},
        {miners,
         s21,
         {{"power_draw_w", std::string("many")}},
         "power_draw_w",
         "a number, 1..20000",
         "",
         "power_draw_w many: must be a number, 1..20000"},
        {miners,
         s21,
         {{"power_draw_w", std::monostate{}}},
         "power_draw_w",
         "1..20000",
         "",
         "power_draw_w null: must be set; need 1..20000"},
        {miners,
         s21,
         {{"operating_mode", std::string("agressive")}},
         "operating_mode",
         "one of aggressive, balanced, opportunistic",
         "aggressive",
         "operating_mode agressive: must be one of aggressive, balanced, opportunistic; nearest allowed aggressive"},
        {miners,
         s21,
         {{"preferred_start", std::string("24:00")}},
         "preferred_start",
         "HH:MM, 00:00..23:59",
         "00:00",
         "preferred_start 24:00: must be HH:MM, 00:00..23:59; nearest allowed 00:00"},
        {miners, s21, {{"enabled", 2.0}}, "enabled", "true or false", "", "enabled 2: must be true or false"},
        {miners,
         s21,
         {{"strat_voltage", 50.0}},
         "strat_voltage",
         "a column of miner_profiles",
         "start_voltage",
         "strat_voltage: no such field; nearest is start_voltage"},
        {miners,
         s21,
         {{"slug", std::string("x")}},
         "slug",
         "no change",
         "",
         "slug: set by voltd, cannot be edited; it follows the name"},
        {miners,
         s21,
         {{"name", std::string("#!")}},
         "name",
         "a name with at least one letter or digit (a-z, 0-9)",
         "",
         "name #!: must be a name with at least one letter or digit (a-z, 0-9)"},
        {miners,
         s21,
         {{"hvac_zone_id", std::string("shed")}},
         "hvac_zone_id",
         "a zone (heat-room, main-room)",
         "",
         "hvac_zone_id shed: must be a zone (heat-room, main-room)"},
        {prefs,
         "",
         {{"voltage_low", 50.0}},
         "voltage_low",
         "< voltage_restart (50.0)",
         "49.99",
         "voltage_low 50.0: must be under voltage_restart (50.0); nearest allowed 49.99"},
        {prefs,
         "",
         {{"voltage_restart", 50.01}},
         "voltage_restart",
         "<= voltage_optimal_min (50.0)",
         "50.0",
         "voltage_restart 50.01: must be at most voltage_optimal_min (50.0); nearest allowed 50.0"},
        {prefs,
         "",
         {{"voltage_optimal_min", 49.0}},
         "voltage_optimal_min",
         ">= voltage_restart (50.0)",
         "50.0",
         "voltage_optimal_min 49.0: must be at least voltage_restart (50.0); nearest allowed 50.0"},
        {prefs,
         "",
         {{"timezone", std::string("zone.tab")}},
         "timezone",
         "a zone of /usr/share/zoneinfo/, as America/Los_Angeles",
         "",
         "timezone zone.tab: must be a zone of /usr/share/zoneinfo/, as America/Los_Angeles"},
        {prefs,
         "",
         {{"timezone", std::string("America/Nowhere")}},
         "timezone",
         "a zone of /usr/share/zoneinfo/, as America/Los_Angeles",
         "",
         "timezone America/Nowhere: must be a zone of /usr/share/zoneinfo/, as America/Los_Angeles"},
        {prefs, "", {{"latitude", 91.0}}, "latitude", "-90..90", "90", "latitude 91: must be -90..90; nearest allowed 90"},
        {prefs,
         "",
         {{"voltage_at_0_percent", 44.0}},
         "voltage_at_0_percent",
         "the voltage of the first point of voltage_curve (45.0); change both together",
         "45.0",
         "voltage_at_0_percent 44.0: must be the voltage of the first point of voltage_curve (45.0); change both "
         "together; nearest allowed 45.0"},
        {prefs,
         "",
         {{"voltage_curve", GivenCurve{{44, 0}, {56, 100}}}},
         "voltage_curve",
         "a curve whose first point is at voltage_at_0_percent (45.0); change both together",
         "",
         "voltage_curve 44.0:0,56.0:100: must be a curve whose first point is at voltage_at_0_percent (45.0); change "
         "both together"},
        {prefs,
         "",
         {{"voltage_curve", GivenCurve{{45, 0}, {44, 50}, {56, 100}}}},
         "voltage_curve[1].voltage",
         "> 45.00",
         "",
         "voltage_curve[1].voltage 44.00: must be above 45.00"},
        {prefs,
         "",
         {{"voltage_curve", GivenCurve{{45, 5}, {56, 100}}}},
         "voltage_curve",
         "a first point at soc 0",
         "",
         "voltage_curve 45.0:5,56.0:100: must be a first point at soc 0"},
        {zones,
         "heat-room",
         {{"temp_hot_ok", 40.0}},
         "temp_hot_ok",
         "< temp_too_hot (40.0)",
         "39.9",
         "temp_hot_ok 40.0: must be under temp_too_hot (40.0); nearest allowed 39.9"},
    };
    const std::int64_t revision = settings_revision(db);
    for (const Case& it : cases) {
        CAPTURE(it.text);
        const Edit<Edited> edited = change_record(db, it.table, it.row, it.fields, by_test);
        REQUIRE_FALSE(edited.ok());
        const EditFailure& failure = edited.failure();
        CHECK(failure.fault == EditFault::refused);
        REQUIRE(failure.problems.size() == 1);
        CHECK(failure.problems[0].field == it.field);
        CHECK(failure.problems[0].need == it.need);
        CHECK(failure.problems[0].nearest == it.nearest);
        CHECK(failure.text == it.text);
    }
    CHECK(settings_revision(db) == revision);
    CHECK(db.text("SELECT who FROM settings_revision") == "");
}

TEST_CASE("the suggested nearest value is accepted, and exact") {
    Connection db = new_schema();
    const std::pair<SettingsTable, Assignment> cases[] = {
        {miners, {"stop_voltage", 60.0}},    {miners, {"emergency_stop_voltage", 60.0}}, {miners, {"start_voltage", 31.0}},
        {prefs, {"voltage_shutdown", 60.0}}, {prefs, {"voltage_float", 33.0}},           {prefs, {"voltage_full", 150.0}},
        {zones, {"temp_cold_ok", 99.0}},     {zones, {"temp_too_hot", -60.0}},           {zones, {"temp_too_cold", 30.0}},
    };
    for (const auto& one : cases) {
        const auto& table = one.first;
        const auto& it = one.second;
        CAPTURE(it.field);
        const std::string row = table == miners ? s21 : "heat-room";
        const Edit<Edited> refused = change_record(db, table, row, {it}, {"test", true});
        REQUIRE_FALSE(refused.ok());
        const double nearest = std::stod(refused.failure().problems.at(0).nearest), asked = std::get<double>(it.value);
        CHECK(change_record(db, table, row, {{it.field, nearest}}, {"test", true}).ok());
        const double step = table == zones ? 0.1 : 0.01;
        const double beyond = std::round((nearest + (asked > nearest ? step : -step)) / step) * step;
        const double exact = std::round(beyond * 100) / 100;
        CHECK_FALSE(change_record(db, table, row, {{it.field, exact}}, {"test", true}).ok());
    }
}

TEST_CASE("reports several problems together and changes nothing") {
    Connection db = new_schema();
    const Edit<Edited> edited = change_record(
        db, miners, s21, {{"power_draw_w", 0.0}, {"nonsense", 1.0}, {"start_voltage", 60.0}, {"min_on_s", -1.0}}, by_test);
    REQUIRE_FALSE(edited.ok());
    CHECK(edited.failure().problems.size() == 3);
    CHECK(db.number("SELECT count(*) FROM miner_profiles WHERE start_voltage = 60") == 0);
}

TEST_CASE("pairs can change together if one alone would be invalid") {
    Connection db = new_schema();
    CHECK_FALSE(change_record(db, miners, s21, {{"start_voltage", 46.0}}, by_test).ok());
    CHECK(change_record(db, miners, s21, {{"start_voltage", 46.0}, {"stop_voltage", 45.0}, {"emergency_stop_voltage", 44.0}},
                        by_test)
              .ok());
    CHECK(change_record(db, prefs, "",
                        {{"voltage_at_0_percent", 44.5},
                         {"voltage_at_100_percent", 57.0},
                         {"voltage_curve", GivenCurve{{44.5, 0}, {52.25, 50.5}, {57, 100}}}},
                        by_test)
              .ok());
    CHECK(db.text("SELECT voltage_curve FROM user_preferences") ==
          "[{\"voltage\":44.5,\"soc\":0},{\"voltage\":52.25,\"soc\":50.5},{\"voltage\":57.0,\"soc\":100}]");
    Result<Settings> read = read_settings(db, {});
    REQUIRE(read.ok());
    CHECK(read.value().problems.empty());
    CHECK(read.value().preferences.curve.size() == 3);
}

TEST_CASE("finds a row by slug, name or id") {
    Connection db = new_schema();
    for (const std::string key :
         {"primary-s21-revenue", "Primary S21+ (Revenue)", "PRIMARY s21 revenue", "d0000000-0000-0000-0000-000000000001"}) {
        const Edit<Record> found = find_record(read_records(db).value(), miners, key);
        REQUIRE(found.ok());
        CHECK(found.value().slug() == s21);
    }
    const Edit<Record> none = find_record(read_records(db).value(), miners, "primary-s21-revenu");
    REQUIRE_FALSE(none.ok());
    CHECK(none.failure().fault == EditFault::not_found);
    CHECK(none.failure().known == std::vector<std::string>{s21, s19});
    CHECK(none.failure().text == "no miner primary-s21-revenu; did you mean primary-s21-revenue?");
    CHECK(find_record(read_records(db).value(), prefs, "").value().text("voltage_low") == "47.0");
    CHECK(change_record(db, zones, "", {{"enabled", false}}, by_test).failure().fault == EditFault::not_found);
}

TEST_CASE("an added row gets an id, a slug and defaults") {
    Connection db = new_schema();
    std::vector<Assignment> fields = new_miner("Shed Miner #3");
    fields.push_back({"hvac_zone_id", std::string("Heat Room")});
    const Edit<Edited> edited = add_record(db, miners, fields, by_test);
    REQUIRE(edited.ok());
    const Record& row = *edited.value().rows.at(0).after;
    CHECK_FALSE(edited.value().rows[0].before.has_value());
    CHECK(row.slug() == "shed-miner-3");
    CHECK(row.id().size() == 36);
    CHECK(row.text("user_id") == "a0000000-0000-0000-0000-000000000001");
    CHECK(row.text("hvac_zone_id") == "c0000000-0000-0000-0000-000000000001");
    CHECK((row.text("min_on_s") == "600" && row.text("preferred_start") == "00:00" && row.flag("enabled")));
    CHECK_FALSE(row.text("created_at").empty());
    CHECK(add_record(db, zones, {{"zone_name", std::string("Shed")}}, by_test).ok());
    const Edit<Edited> missing = add_record(db, miners, {{"name", std::string("x")}}, by_test);
    CHECK(first_text(missing) == "a new miner needs power_draw_w, start_voltage, stop_voltage, emergency_stop_voltage");
    CHECK_FALSE(add_record(db, prefs, {}, by_test).ok());
}

TEST_CASE("a taken slug is a conflict, and a rename moves it") {
    Connection db = new_schema();
    const Edit<Edited> taken = add_record(db, miners, new_miner("primary s21 REVENUE!"), by_test);
    REQUIRE_FALSE(taken.ok());
    CHECK(taken.failure().fault == EditFault::conflict);
    CHECK(taken.failure().problems.at(0).field == "name");
    CHECK(taken.failure().text ==
          "name primary s21 REVENUE!: its slug primary-s21-revenue is taken by miner Primary S21+ (Revenue)");
    CHECK(change_record(db, zones, "main-room", {{"zone_name", std::string("Heat  Room")}}, by_test).failure().fault ==
          EditFault::conflict);
    REQUIRE(change_record(db, zones, "main-room", {{"zone_name", std::string("Küche 2")}}, by_test).ok());
    CHECK(db.text("SELECT slug FROM hvac_zones WHERE zone_name = 'Küche 2'") == "k-che-2");
}

TEST_CASE("an output serves one enabled row") {
    Connection db = new_schema();
    const auto refused = [&](SettingsTable table, const std::string& row, const std::vector<Assignment>& fields,
                             const std::string& text) {
        const Edit<Edited> edited = change_record(db, table, row, fields, {"test", true});
        CAPTURE(text);
        REQUIRE_FALSE(edited.ok());
        CHECK(edited.failure().fault == EditFault::conflict);
        CHECK(edited.failure().text == text);
    };
    refused(miners, s19, {{"device_id", std::string("primary-s21")}},
            "device_id primary-s21: this output is in use by miner Primary S21+ (Revenue)");
    refused(miners, s19, {{"device_id", std::string("heat-room-heater")}},
            "device_id heat-room-heater: this output is in use by the heater of zone Heat Room");
    refused(zones, "main-room", {{"exhaust_fan_device_id", std::string("ac-infinity-1")}},
            "exhaust_fan_device_id ac-infinity-1: this output is in use by the fan of zone Heat Room");
    refused(zones, "main-room", {{"heater_device_id", std::string("ac-infinity-2")}},
            "heater_device_id ac-infinity-2: this output is in use by the fan of zone Main Room");
    REQUIRE(change_record(db, miners, s19, {{"enabled", false}, {"device_id", std::string("primary-s21")}}, by_test).ok());
    refused(miners, s19, {{"enabled", true}}, "device_id primary-s21: this output is in use by miner Primary S21+ (Revenue)");
    REQUIRE(change_record(db, zones, "main-room",
                          {{"exhaust_fan_enabled", false}, {"exhaust_fan_device_id", std::string("ac-infinity-1")}}, by_test)
                .ok());
    CHECK(change_record(db, miners, s21, {{"device_id", std::monostate{}}}, by_test).ok());
    CHECK(change_record(db, miners, s19, {{"enabled", true}}, by_test).ok());
}

TEST_CASE("removes an unused row, and keeps a miner's zone") {
    Connection db = new_schema();
    const Edit<Edited> held = remove_record(db, zones, "heat-room", by_test);
    REQUIRE_FALSE(held.ok());
    CHECK(held.failure().fault == EditFault::conflict);
    CHECK(held.failure().text ==
          "hvac_zone_id Heat Room: it is the zone of miner Primary S21+ (Revenue); first give that miner another zone, or null");
    const Edit<Edited> removed = remove_record(db, miners, s19, by_test);
    REQUIRE(removed.ok());
    CHECK_FALSE(removed.value().rows.at(0).after.has_value());
    CHECK(removed.value().after.miners.size() == 1);
    CHECK(remove_record(db, zones, "main-room", by_test).ok());
    CHECK_FALSE(remove_record(db, prefs, "", by_test).ok());
}

TEST_CASE("reset restores all or named fields, but keeps off") {
    Connection db = new_schema();
    REQUIRE(change_record(db, prefs, "",
                          {{"voltage_low", 47.5}, {"inverter_max_w", 9000.0}, {"operating_mode", std::string("off")}}, by_test)
                .ok());
    REQUIRE(reset_preferences(db, {"voltage_low"}, by_test).ok());
    CHECK(db.text("SELECT voltage_low || ' ' || inverter_max_w FROM user_preferences") == "47.0 9000");
    CHECK(reset_preferences(db, {"voltage_lwo"}, by_test).failure().problems.at(0).nearest == "voltage_low");
    CHECK_FALSE(reset_preferences(db, {"id"}, by_test).ok());
    REQUIRE(reset_preferences(db, {}, by_test).ok());
    CHECK(db.text("SELECT inverter_max_w || operating_mode FROM user_preferences") == "12000off");
    REQUIRE(reset_preferences(db, {"operating_mode"}, by_test).ok());
    CHECK(db.text("SELECT operating_mode FROM user_preferences") == "balanced");
}

TEST_CASE("accepts a complete row with unchanged program columns") {
    Connection db = new_schema();
    const Record row = find_record(read_records(db).value(), miners, s21).value();
    std::vector<Assignment> fields;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
        const SettingsField& field = fields_of(miners)[i];
        FieldValue value = row.values[i];
        if (const auto* steps = std::get_if<std::int64_t>(&value)) value = std::stod(shown(field, *steps));
        fields.push_back({field.name, value});
    }
    const Edit<Edited> edited = change_record(db, miners, s21, fields, by_test);
    REQUIRE(edited.ok());
    CHECK(edited.value().rows.empty());
}

TEST_CASE("a bad row blocks nothing until it is edited") {
    Connection db = new_schema();
    must(db,
         "PRAGMA ignore_check_constraints = ON; UPDATE miner_profiles SET min_on_s = -5 WHERE slug = 'dump-load-s19-1';"
         "PRAGMA ignore_check_constraints = OFF");
    CHECK(change_record(db, miners, s21, {{"start_voltage", 50.5}}, by_test).ok());
    CHECK(first_text(change_record(db, miners, s19, {{"start_voltage", 55.0}}, by_test)) ==
          "min_on_s -5: must be 0..86400; nearest allowed 0");
    CHECK(change_record(db, miners, s19, {{"start_voltage", 55.0}, {"min_on_s", 0.0}}, by_test).ok());
}

TEST_CASE("replaces the default rows by a site's as one change") {
    Connection db = new_schema();
    const auto before = read_records(db).value();
    WantedRows wanted;
    wanted.preferences = {{"timezone", std::string("Europe/Berlin")}};
    wanted.zones = {{{"zone_name", std::string("Heat Room")}, {"heater_device_id", std::monostate{}}, {"heating_enabled", false}},
                    {{"zone_name", std::string("Shed")}}};
    wanted.miners = {new_miner("Third"), {{"name", std::string("Dump Load S19 #1")}, {"hvac_zone_id", std::string("Shed")}}};
    const Edit<Edited> edited = replace_records(db, wanted, by_test);
    REQUIRE(edited.ok());
    const auto after = read_records(db).value();
    REQUIRE(after.zones.size() == 2);
    CHECK(after.zones[0].id() == before.zones[0].id());
    CHECK(after.zones[0].text("exhaust_fan_device_id") == "ac-infinity-1");
    REQUIRE(after.miners.size() == 2);
    for (const Record& miner : after.miners) {
        if (miner.slug() == "third") continue;
        CHECK(miner.slug() == s19);
        CHECK(miner.text("hvac_zone_id") == after.zones[1].id());
    }
    CHECK(edited.value().change > 0);
    wanted.zones = {{{"zone_name", std::string("Shed")}}};
    CHECK(replace_records(db, wanted, by_test).failure().fault == EditFault::conflict);  // the last guard against charging in the
                                                                                         // cold
    wanted.miners = {new_miner("A b"), new_miner("a-B")};
    EditRequest guard_may_go = by_test;
    guard_may_go.end_guard = true;
    CHECK(first_text(replace_records(db, wanted, guard_may_go)).find("no other row has") != std::string::npos);
    wanted.miners.clear();
    CHECK(replace_records(db, wanted, guard_may_go).ok());
    CHECK(read_records(db).value().miners.empty());
}
