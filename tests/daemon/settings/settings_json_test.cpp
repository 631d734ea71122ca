// Settings as JSON: what HTTP takes and gives.
#include "daemon/settings/settings_json.hpp"

#include <doctest/doctest.h>

#include "drivers/store/schema/migrations.hpp"

using namespace volt;

namespace {

Connection new_database() {
    Result<Connection> db = Connection::open(":memory:", OpenMode::create);
    REQUIRE(db.ok());
    REQUIRE(migrate(db.value(), built_in_migrations()).ok());
    return std::move(db.value());
}

Edit<Edited> put(Connection& db, SettingsTable table, const std::string& row, const std::string& body) {
    return change_record(db, table, row, json::assignments(table, json::Object::parse(body)), {"api", false});
}

}  // namespace

TEST_CASE("a row that is read and written back unchanged changes nothing") {
    Connection db = new_database();
    for (const SettingsTable table : settings_tables) {
        const Record row = find_record(db, table, table == SettingsTable::zones ? "heat-room" : "dump-load-s19-1").value();
        const Edit<Edited> edited = put(db, table, row.slug(), json::record(row).dump());
        REQUIRE_MESSAGE(edited.ok(), (edited ? "" : edited.failure().text));
        CHECK(edited.value().rows.empty());
    }
}

TEST_CASE("numbers are numbers, flags accept 0 and 1, null clears, text is not a number") {
    Connection db = new_database();
    const std::string s19 = "dump-load-s19-1";
    CHECK(put(db, SettingsTable::miners, s19, R"({"enabled":0,"minimum_solar_w":null,"start_voltage":55})").ok());
    const json::Object row = json::record(find_record(db, SettingsTable::miners, s19).value());
    CHECK(row["enabled"] == false);
    CHECK(row["minimum_solar_w"] == nullptr);
    CHECK(row["start_voltage"].dump() == "55.0");
    CHECK(row["power_draw_w"].dump() == "3250");
    for (const char* bad : {R"({"start_voltage":"55"})", R"({"start_voltage":true})", R"({"start_voltage":[55]})",
                            R"({"start_voltage":1e300})", R"({"enabled":"yes"})", R"({"name":7})", R"({"name":null})"})
        CHECK_MESSAGE(!put(db, SettingsTable::miners, s19, bad).ok(), bad);
}

TEST_CASE("the curve as points, as pairs and as text") {
    Connection db = new_database();
    for (const char* good : {R"({"voltage_curve":[{"voltage":45,"soc":0},{"voltage":56,"soc":100}]})",
                             R"({"voltage_curve":[[45,0],[50,50.5],[56,100]]})", R"({"voltage_curve":"45:0,51:30,56:100"})"})
        CHECK_MESSAGE(put(db, SettingsTable::preferences, "", good).ok(), good);
    for (const char* bad :
         {R"({"voltage_curve":[]})", R"({"voltage_curve":[[45,0,1],[56,100]]})", R"({"voltage_curve":7})",
          R"({"voltage_curve":[{"voltage":45,"soc":"0"},{"voltage":56,"soc":100}]})", R"({"voltage_curve":{}})"})
        CHECK_MESSAGE(!put(db, SettingsTable::preferences, "", bad).ok(), bad);
}

TEST_CASE("a failure has error, field and need of the first problem, all problems if there are more, and its status") {
    Connection db = new_database();
    const auto one = put(db, SettingsTable::miners, "primary-s21-revenue", R"({"stop_voltage":51})");
    CHECK(json::failure(one.failure()) ==
          json::Object{{"error", "stop_voltage 51.0: must be under start_voltage (50.0); nearest allowed 49.99"},
                       {"field", "stop_voltage"},
                       {"need", "< start_voltage (50.0)"},
                       {"value", "51.0"},
                       {"nearest", "49.99"}});
    const auto two = put(db, SettingsTable::miners, "primary-s21-revenue", R"({"min_on_s":-1,"min_off_s":-1})");
    CHECK(json::failure(two.failure())["problems"].size() == 2);
    const auto none = put(db, SettingsTable::miners, "x", "{}");
    CHECK(json::failure(none.failure())["known"].size() == 2);
    CHECK((json::http_status(one.failure().fault) == 400 && json::http_status(none.failure().fault) == 404));
    CHECK(json::http_status(EditFault::conflict) == 409);
}
